internal import ArgumentParser
internal import Foundation
internal import Server
internal import Store

/// `kompass export FILE`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a collection or the map's tiles to one file, or the whole map to a folder.",
        discussion: """
            With --collection: the same file as at /api/collections/ID/export, by the same
            parameters; memory does not grow with the number of features. Without: an archive
            that holds what the server answers, tile by tile, for a static host; the same file
            however many cores make it. With --static: the public map as a folder of files (all
            public pages in all languages, style, archive, data) that any host of files can serve
            under any path; it needs no Kompass. The host should answer range requests, else
            browsers load the whole archive. --languages chooses; --public-url says where it will
            stand, for link previews and for the codes on printed sheets.

            The file stands under its name only when it is whole. An archive whose export was
            ended, in whatever way, is taken up where it ended by the same command: what there is
            stands in FILE.partial; where that is of other data, layers, zooms or offers, it is
            said and everything is made anew. A collection starts anew.

              kompass export kompass.gpkg --collection offers --format csv -o offers.csv
              kompass export kompass.gpkg --collection coverage --format geojson \\
                --level municipality --filter "people > 1000" --sortby=-gap_people -o gaps.geojson
              kompass export kompass.gpkg --format pmtiles -o kompass.pmtiles
              kompass export kompass.gpkg --static public
              kompass export kompass.gpkg --static public --languages en,ar \\
                --public-url https://example.org/kompass
              kompass export kompass.gpkg --format mbtiles -o some.mbtiles \\
                --layers districts,borders,labels --min-zoom 4 --max-zoom 9
            """
    )

    /// What the file is: a collection in some form, or an archive of tiles.
    enum Format: ExpressibleByArgument, CaseIterable {
        case collection(OfflineExport.Form)
        case archive(TileExport.Format)

        static let allCases =
            OfflineExport.Form.allCases.map(Format.collection) + TileExport.Format.allCases.map(Format.archive)

        var defaultValueDescription: String {
            switch self {
            case .collection(let form): form.rawValue
            case .archive(let format): format.rawValue
            }
        }

        static var allValueStrings: [String] { allCases.map(\.defaultValueDescription) }

        init?(argument: String) {
            guard let format = Self.allCases.first(where: { $0.defaultValueDescription == argument }) else {
                return nil
            }
            self = format
        }
    }

    @Argument(help: "The project file.", completion: .file(extensions: ["gpkg"]))
    var project: String

    @Option(
        help: """
            The collection: districts, municipalities, population, actors, offers, links, coverage, gaps, access.
            """)
    var collection: String?

    @Option(help: "Of a collection: geojson, geojsonseq, csv, csv-excel; of tiles: mbtiles (1.3), pmtiles (3).")
    var format: Format?

    @Option(name: .shortAndLong, help: "The file to write; an older one is replaced.", completion: .file())
    var output: String?

    @Option(
        name: .customLong("static"),
        help: "The folder to write the whole map to; one that an export has made is brought up to date.",
        completion: .directory)
    var folder: String?

    @Option(help: "Of the map with --static: the languages of its pages beside German, as a comma list (default: all).")
    var languages: String?

    @Option(
        name: .customLong("public-url"),
        help: "Of the map with --static: the URL at which the folder will stand (default: pages do not say).")
    var publicURL: String?

    @OptionGroup(title: "Which features of a collection") var features: CollectionOptions

    @OptionGroup(title: "Which tiles") var tiles: TileOptions

    @OptionGroup(title: "Which offers") var offers: OfferOptions

    func validate() throws {
        if folder != nil {
            if format != nil || output != nil || collection != nil {
                throw ValidationError("--static is the whole map; it goes without --format, --output and --collection")
            }
            if let parameter = (offers.parameters + features.parameters).first {
                throw ValidationError("--\(parameter.name) is for a file; --static is the whole map")
            }
            if let option = tiles.given, !["--threads", "--assets"].contains(option) {
                throw ValidationError("\(option) is for a file; --static is the whole map")
            }
            return
        }
        if let option = languages != nil ? "--languages" : publicURL != nil ? "--public-url" : nil {
            throw ValidationError("\(option) is for --static")
        }
        guard let format, output != nil else {
            throw ValidationError("say what to write: --format with --output, or --static with a folder")
        }
        switch format {
        case .collection:
            if collection == nil {
                throw ValidationError("--format \(format.defaultValueDescription) needs --collection")
            }
            if let option = tiles.given { throw ValidationError("\(option) is for tiles, not for a collection") }
        case .archive:
            if collection != nil {
                throw ValidationError(
                    "--format \(format.defaultValueDescription) is for tiles; a collection becomes one of "
                        + OfflineExport.Form.allCases.map(\.rawValue).joined(separator: ", "))
            }
            if let parameter = features.parameters.first {
                throw ValidationError("--\(parameter.name) is for a collection, not for tiles")
            }
        }
    }

    func run() throws {
        let file = ProjectFile(path: project)
        if let folder {
            let tags = languages?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            return try StaticMapExport(options: tiles, languages: tags, publicURL: publicURL, folder: folder)
                .write(try file.snapshot())
        }
        guard let format, let output else { return }
        guard try !file.isSame(as: output) else {
            throw Failure(.usage, "\(output): this is the project file; name another with -o")
        }
        switch format {
        case .collection(let form):
            try CollectionExport(
                collection: collection ?? "", parameters: offers.parameters + features.parameters, form: form,
                output: output
            ).write(try file.snapshot())
        case .archive(let format):
            try TileArchiveExport(options: tiles, offers: offers.parameters, format: format, output: output)
                .write(try file.snapshot())
        }
    }
}
