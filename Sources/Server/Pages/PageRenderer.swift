import Foundation
import Mustache
import NetworkModel

/// Renders pages from the templates and texts under `Tiles/`.
struct PageRenderer: Sendable {
    private let templates: MustacheLibrary
    /// The texts of the map's pages by language tag.
    let locales: [String: JSON]
    /// The texts of the API's pages by language tag.
    private let texts: JSON
    /// The ways into the map, in their order.
    let ways: [WayIn]

    /// The languages of the map's pages: German leads, the others in the order of their tags.
    var languages: [String] {
        let others = locales.keys.filter { $0 != Localized.languages[0] }.sorted()
        return [Localized.languages[0]] + others
    }

    /// Loads the templates and texts.
    init(assets: String) throws(ServerError) {
        let pages = URL(filePath: assets).appending(path: "pages")
        var templates = MustacheLibrary()
        for file in try Self.files(pages, withExtension: "mustache") {
            let source = String(decoding: try Self.read(file), as: UTF8.self)
            do {
                try templates.register(source, named: file.deletingPathExtension().lastPathComponent)
            } catch {
                throw .invalidAsset(path: file.path, reason: "the template cannot be read: \(error)")
            }
        }
        self.templates = templates
        texts = try Self.json(pages.appending(path: "api-texts.json"))
        ways = try Self.json(pages.appending(path: "ways.json")).elements.compactMap(WayIn.init)
        var locales: [String: JSON] = [:]
        for file in try Self.files(URL(filePath: assets).appending(path: "locales"), withExtension: "json") {
            locales[file.deletingPathExtension().lastPathComponent] = try Self.json(file)
        }
        self.locales = locales
        for name in ["map", "api-document", "api-items", "api-item", "api-answer"]
        where templates.getTemplate(named: name) == nil {
            throw .missingAsset(
                path: pages.appending(path: "\(name).mustache").path, reason: "there is no such template")
        }
        guard locales["de"] != nil else {
            throw .missingAsset(
                path: URL(filePath: assets).appending(path: "locales/de.json").path, reason: "there is no such file")
        }
    }

    /// Renders a template with a context whose texts come from records or requests.
    func render(_ template: String, _ context: [String: any Sendable]) -> [UInt8] {
        Array((templates.render(context, withTemplate: template) ?? "").utf8)
    }

    /// A text of the API's pages; its name where there is none.
    func text(_ name: String, _ language: String) -> String { texts[language]?[name]?.text ?? name }

    /// The texts of the API's pages as a template's context.
    func apiTexts(_ language: String) -> [String: any Sendable] {
        Dictionary((texts[language] ?? .object([])).members.map { ($0.0, $0.1.text ?? "") }) { first, _ in first }
    }

    /// A JSON value as a template's context.
    static func context(_ json: JSON) -> any Sendable {
        switch json {
        case .null: ""
        case .bool(let value): value
        case .integer(let value): value
        case .real(let value): value
        case .literal(let spelling): spelling
        case .string(let value): HTMLText.separatingMarks(value)
        case .array(let elements): elements.map(context)
        case .object(let members): Dictionary(members.map { ($0.0, context($0.1)) }) { first, _ in first }
        }
    }

    private static func files(_ folder: URL, withExtension wanted: String) throws(ServerError) -> [URL] {
        do {
            return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == wanted }.sorted { $0.path < $1.path }
        } catch {
            throw .missingAsset(path: folder.path, reason: "the folder cannot be read")
        }
    }

    static func read(_ file: URL) throws(ServerError) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: file))
        } catch {
            throw .missingAsset(path: file.path, reason: "the file cannot be read")
        }
    }

    static func json(_ file: URL) throws(ServerError) -> JSON {
        let bytes = try read(file)
        do throws(JSONError) {
            return try JSONParser.parse(bytes)
        } catch {
            throw .invalidAsset(path: file.path, reason: "\(error)")
        }
    }
}
