internal import ArgumentParser
internal import Foundation

/// The options that choose tiles and say how they are made.
struct TileOptions: ParsableArguments {
    @Option(help: "The layers, as a comma list (default: all of the tileset).")
    var layers: String?

    @Option(help: "exclude: every offer and actor for itself at every zoom (default: clusters at low zooms).")
    var clusters: String?

    @Option(help: "The first zoom (default: the tileset's).")
    var minZoom: Int?

    @Option(help: "The last zoom (default: the tileset's).")
    var maxZoom: Int?

    @Option(help: "How many tiles are made at once (default: one per core).")
    var threads: Int?

    @Option(name: .customLong("lang"), help: "The language of names and descriptions: de (default), en.")
    var texts: String?

    @Option(help: "The folder with the tileset file (default: beside the binary, then the checkout).")
    var assets: String?

    /// The names of the layers, nil for all.
    var wantedLayers: [String]? {
        layers?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// The name of an option that was given, nil where none was.
    var given: String? {
        let options: [(String, Bool)] = [
            ("--layers", layers != nil), ("--clusters", clusters != nil), ("--min-zoom", minZoom != nil),
            ("--max-zoom", maxZoom != nil),
            ("--threads", threads != nil), ("--lang", texts != nil), ("--assets", assets != nil),
        ]
        return options.first(where: \.1)?.0
    }

    func validate() throws {
        if let texts, !["de", "en"].contains(texts) {
            throw ValidationError("--lang '\(texts)' is not known; known: de, en")
        }
        if let clusters, clusters != "exclude" {
            throw ValidationError("--clusters '\(clusters)' is not known; known: exclude")
        }
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be 1 to 1024") }
        if let minZoom, let maxZoom, minZoom > maxZoom {
            throw ValidationError("--min-zoom \(minZoom) lies above --max-zoom \(maxZoom)")
        }
        if layers != nil, wantedLayers?.isEmpty != false { throw ValidationError("--layers names no layer") }
    }
}
