internal import ArgumentParser
internal import Foundation
internal import Geometry
internal import Logging
internal import Server
internal import Store

/// `kompass serve FILE`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the map, the tiles and the API from a project file.",
        discussion: """
            Watches the file and takes up changes without dropping a request. Ends on Ctrl-C after the running requests.

              kompass serve kompass.gpkg
              kompass serve kompass.gpkg --collections schools.gpkg --collections roads.gpkg
              kompass serve kompass.gpkg --host 0.0.0.0 --port 80 --public-url https://karte.example.de
            """
    )

    @Argument(
        help: "The project file; may be left out where --collections names others.",
        completion: .file(extensions: ["gpkg"]))
    var project: String?

    @Option(
        name: .customLong("collections"), parsing: .unconditionalSingleValue,
        help: "Another GeoPackage whose tables are served as collections, read-only; may be given several times.",
        completion: .file(extensions: ["gpkg"]))
    var collections: [String] = []

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 8080

    @Option(help: "The address under which visitors reach this server; links are made with it.")
    var publicURL: String?

    @Flag(help: "Believe the forwarding headers (Forwarded, X-Forwarded-*) of the proxy in front.")
    var trustForwarded = false

    @Option(
        help: """
            Whose pages may show the map's embedded form: origins parted by blanks, * for anyone's, none for nobody \
            else's.
            """)
    var frameAncestors = FrameAncestors.anyone.description

    @Option(
        help: """
            A base map that visitors may ask for, as the address of its pictures with {z}, {x} and {y}. It is off until
            a visitor agrees: its host then learns the visitor's address and view.
            """)
    var baseMap: String?

    @Option(help: "Whom to name for the base map.")
    var baseMapAttribution: String?

    @Option(help: "The folder with pages, style and scripts (default: beside the binary, then the checkout).")
    var assets: String?

    @Option(help: "How much of finished tiles is kept in memory, in MiB; 0 keeps none.")
    var tileCacheMib = ServerConfiguration.defaultTileCacheLimit >> 20

    @Option(help: "How much is logged: trace, debug, info, notice, warning, error.")
    var logLevel = "info"

    func validate() throws {
        guard project != nil || !collections.isEmpty else {
            throw ValidationError("name the project file, or other GeoPackages with --collections")
        }
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0 to 65535") }
        guard (0...1_048_576).contains(tileCacheMib) else {
            throw ValidationError("--tile-cache-mib must be 0 to 1048576")
        }
        guard FrameAncestors(frameAncestors) != nil else {
            throw ValidationError(ServerError.invalidFrameAncestors(frameAncestors).description)
        }
        guard (baseMap == nil) == (baseMapAttribution == nil) else {
            throw ValidationError("--base-map and --base-map-attribution belong together")
        }
        guard (baseMap == nil) == (readBaseMap == nil) else {
            throw ValidationError(
                """
                --base-map '\(baseMap ?? "")' with --base-map-attribution '\(baseMapAttribution ?? "")': expected an \
                address such as https://tiles.example.org/{z}/{x}/{y}.png, and whom to name
                """)
        }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("--log-level '\(logLevel)' is not known")
        }
    }

    private var readBaseMap: BaseMap? {
        baseMap.flatMap { BaseMap(template: $0, attribution: baseMapAttribution ?? "") }
    }

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "kompass")
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .info
        let file = project.map { ProjectFile(path: $0) }
        _ = try file?.changeToken()
        let others = collections.map { GeoPackageFile(path: $0) }
        guard Set(others).count == others.count else { throw Failure(.usage, "--collections names a file twice") }
        let folders = try AssetFolders(explicit: assets)
        let database = try projDatabase()
        logger.info("starting", metadata: ["proj_db": "\(database)", "assets": "\(folders.tiles)"])
        let configuration = ServerConfiguration(
            host: host, port: port, publicURL: publicURL, assets: folders.tiles, maplibre: folders.maplibre,
            trustForwardedHeaders: trustForwarded, frameAncestors: frameAncestors, baseMap: readBaseMap,
            tileCacheLimit: tileCacheMib << 20)
        let server = try KompassServer(
            configuration: configuration,
            source: SnapshotSource(file, collections: others) { [logger] in logger.notice("\($0)") }, logger: logger)
        try await server.run()
    }

    /// The path of `proj.db`: a wrong one, leaked in through the environment, is a classic cause of wrong maps.
    private func projDatabase() throws -> String {
        try ProjContext().databasePath
    }
}
