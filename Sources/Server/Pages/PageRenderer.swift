import Foundation
import Mustache
import NetworkModel

/// Renders pages from the templates and texts under `Tiles/`.
struct PageRenderer: Sendable {
    private let templates: MustacheLibrary
    /// The locale files by language tag.
    let locales: [String: JSON]
    /// The texts of the public pages by language tag.
    let texts: [String: PageTexts]
    /// The languages of the public pages: German, its variants and English lead, the others in the order of their tags.
    private(set) var languages: [String]
    /// The texts of the API's pages by language tag.
    private let apiTexts: JSON
    /// The ways into the map, in their order.
    let ways: [WayIn]
    /// The base map that visitors may ask for.
    let baseMap: BaseMap?

    /// Loads the templates and texts.
    init(assets: String, baseMap: BaseMap? = nil) throws(ServerError) {
        self.baseMap = baseMap
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
        apiTexts = try Self.json(pages.appending(path: "api-texts.json"))
        ways = try Self.json(pages.appending(path: "ways.json")).elements.compactMap(WayIn.init)
        var locales: [String: JSON] = [:]
        for file in try Self.files(URL(filePath: assets).appending(path: "locales"), withExtension: "json") {
            locales[file.deletingPathExtension().lastPathComponent] = try Self.json(file)
        }
        self.locales = locales
        texts = Dictionary(uniqueKeysWithValues: locales.map { ($0.key, PageTexts(tag: $0.key, json: $0.value)) })
        let rank = { (tag: String) in tag.hasPrefix("de") ? 0 : tag == "en" ? 1 : 2 }
        languages = locales.keys.sorted { (rank($0), $0) < (rank($1), $1) }
        for name in [
            "map", "api-document", "api-items", "api-item", "api-answer", "api-changes", "api-collection",
            "offer", "actor", "districts", "district", "sheet", "network", "glossary", "duty", "absent",
        ]
        where templates.getTemplate(named: name) == nil {
            throw .missingAsset(
                path: pages.appending(path: "\(name).mustache").path, reason: "there is no such template")
        }
        guard locales["de"] != nil else {
            throw .missingAsset(
                path: URL(filePath: assets).appending(path: "locales/de.json").path, reason: "there is no such file")
        }
    }

    /// The same pages in some of their languages.
    func speaking(_ wanted: [String]) -> PageRenderer {
        var result = self
        result.languages = languages.filter(wanted.contains)
        return result
    }

    /// Renders a template with a context whose texts come from records or requests.
    func render(_ template: String, _ context: [String: any Sendable]) -> [UInt8] {
        Array((templates.render(context, withTemplate: template) ?? "").utf8)
    }

    /// A text of the API's pages; its name where there is none.
    func text(_ name: String, _ language: String) -> String { apiTexts[language]?[name]?.text ?? name }

    /// The texts of the API's pages as a template's context.
    func apiTexts(_ language: String) -> [String: any Sendable] {
        Dictionary((apiTexts[language] ?? .object([])).members.map { ($0.0, $0.1.text ?? "") }) { first, _ in first }
    }

    /// The texts of a language; where there is no such, keys show themselves.
    func texts(in language: String) -> PageTexts { texts[language] ?? PageTexts(tag: language, json: .object([])) }

    /// What a template marks a text with that is not in the page's language: the tag of its own, or nothing.
    static func foreign(_ language: String?, on page: String) -> [String] {
        guard let language, language.prefix(while: { $0 != "-" }) != page.prefix(while: { $0 != "-" }) else {
            return []
        }
        return [language]
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
