import Foundation
import HTTPTypes
import NIOCore
import VectorTiles

/// The static files, read when the server starts.
///
/// A request names an entry of a closed list, so no path can leave the folder, and what is sent cannot change while
/// it is sent. Links of the file system are left out.
struct AssetCatalogue: Sendable {
    private var files: [String: Representation] = [:]
    /// The map style as delivered.
    let style: JSON
    /// The definition of the tileset.
    let tileset: Tileset
    /// The identity of all files together, templates included, for URLs that may be kept for ever.
    let version: String

    private static let mediaTypes = [
        "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "json": "application/json",
        "svg": "image/svg+xml", "png": "image/png", "webmanifest": "application/manifest+json",
    ]

    /// Reads `Tiles/` and MapLibre's two files.
    init(assets: String, maplibre: String) throws(ServerError) {
        let folder = URL(filePath: assets).standardizedFileURL
        guard let names = FileManager.default.enumerator(atPath: folder.path) else {
            throw .missingAsset(path: assets, reason: "there is no such folder")
        }
        var paths: [String] = []
        var templates: [String] = []
        for case let path as String in names {
            if Self.isServed(path, in: folder) { paths.append(path) }
            if path.hasSuffix(".mustache") { templates.append(path) }
        }
        for path in paths.sorted() { files[path] = try Self.representation(folder.appending(path: path)) }
        for name in ["maplibre-gl.js", "maplibre-gl.css"] {
            files["maplibre/\(name)"] = try Self.representation(URL(filePath: maplibre).appending(path: name))
        }
        style = try PageRenderer.json(folder.appending(path: "style/kompass.json"))
        tileset = try Self.tileset(folder.appending(path: "tileset.json"))
        var tags = files.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.tag)" }
        for path in templates.sorted() {
            tags.append("\(path) \(EntityTag.strong(of: try PageRenderer.read(folder.appending(path: path))))")
        }
        version = EntityTag.weak(tags.joined(separator: "\n")).opaque
    }

    /// The paths of all files below `/assets/`, in order.
    var paths: [String] { files.keys.sorted() }

    /// The file with a path below `/assets/`.
    subscript(path: String) -> Representation? { files[path] }

    private static func tileset(_ file: URL) throws(ServerError) -> Tileset {
        let bytes = try PageRenderer.read(file)
        let tileset: Tileset
        do throws(TileError) {
            tileset = try Tileset(json: bytes)
        } catch {
            throw .invalidAsset(path: file.path, reason: error.description)
        }
        if let unknown = tileset.unknownFigure {
            throw .invalidAsset(path: file.path, reason: "there is no figure '\(unknown)'")
        }
        return tileset
    }

    private static func isServed(_ path: String, in folder: URL) -> Bool {
        guard mediaTypes[URL(filePath: path).pathExtension] != nil,
            !path.split(separator: "/").contains(where: { $0.hasPrefix(".") })
        else { return false }
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder.appending(path: path).path)
        return attributes?[.type] as? FileAttributeType == .typeRegular
    }

    private static func representation(_ file: URL) throws(ServerError) -> Representation {
        let type = mediaTypes[file.pathExtension] ?? "application/octet-stream"
        return Representation(
            ByteBuffer(bytes: try PageRenderer.read(file)), mediaType: type, isCompressible: file.pathExtension != "png"
        )
    }
}

extension Site {
    /// A static file. Under the version of all files (`?v=`) it may be kept for ever, else it is asked about.
    func asset(_ path: String, _ exchange: Exchange) throws(Problem) -> Answer {
        guard let file = assets[path] else { throw Problem(.notFound, "there is no such file") }
        return Answer(.whole(file), caching: exchange.query["v"] == assets.version ? .immutable : .revalidate)
    }

    /// The map style with the address of the tiles filled in.
    func style(_ exchange: Exchange) async throws -> Answer {
        let result = try await representation(exchange, variant: "/style", mediaType: MediaTypes.json) { _ in
            let style = assets.style
            let sources = style["sources"] ?? .object([])
            let kompass = (sources["kompass"] ?? ["type": "vector"])
                .setting("url", to: .string(exchange.url("/tiles/kompass.json")))
            return style.setting("sources", to: sources.setting("kompass", to: kompass)).bytes
        }
        return Answer(.whole(result), caching: .revalidate)
    }
}
