internal import FoundationEssentials
internal import NetworkModel

/// The tileset file as it is written: checked while it is read, turned into a `Tileset`.
struct TilesetFile: Decodable {
    private let tileset: Tileset

    static func read(_ json: [UInt8]) throws(TileError) -> Tileset {
        do {
            return try JSONDecoder().decode(TilesetFile.self, from: Data(json)).tileset
        } catch let error as DecodingError {
            throw .invalidTileset(path: error.path, problem: error.problem)
        } catch {
            throw .invalidTileset(path: "", problem: "\(error)")
        }
    }

    init(from decoder: any Decoder) throws {
        let file = try StrictContainer(
            decoder, known: ["version", "name", "description", "minzoom", "maxzoom", "layers"])
        let version = try file.value(String.self, "version")
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ part in !part.isEmpty && part.allSatisfy(\.isWholeNumber) }) else {
            throw file.failure("version", "must be three numbers such as 1.0.0, not \"\(version)\"")
        }
        let zooms = try file.zooms(within: 0...TileAddress.deepestZoom)
        var list = try file.list("layers")
        var layers: [Tileset.Layer] = []
        while !list.isAtEnd {
            let layer = try Self.layer(try list.superDecoder(), zooms: zooms)
            guard !layers.contains(where: { $0.content == layer.content }) else {
                throw file.failure("layers", "\"\(layer.content.rawValue)\" stands twice")
            }
            layers.append(layer)
        }
        tileset = Tileset(
            version: version, name: try file.text("name"), summary: try file.text("description"), zooms: zooms,
            layers: layers)
    }

    private static func layer(_ decoder: any Decoder, zooms: ClosedRange<Int>) throws -> Tileset.Layer {
        let entry = try StrictContainer(
            decoder, known: ["id", "description", "minzoom", "maxzoom", "attributes", "levels", "clusters"])
        let id = try entry.value(String.self, "id")
        guard let content = Tileset.Content(rawValue: id) else {
            let known = Tileset.Content.allCases.map(\.rawValue).joined(separator: ", ")
            throw entry.failure("id", "there is no layer \"\(id)\"; known are \(known)")
        }
        let own = try entry.zooms(within: zooms)
        let levels = try entry.optionalValue([String: Int].self, "levels") ?? [:]
        for (level, minzoom) in levels.sorted(by: { $0.key < $1.key }) {
            guard content.levels.contains(level) else {
                throw entry.failure("levels", "\"\(id)\" has no level \"\(level)\"")
            }
            guard own.contains(minzoom) else {
                throw entry.failure("levels", "the zoom of \"\(level)\" must be \(own.lowerBound) to \(own.upperBound)")
            }
        }
        var list = try entry.list("attributes")
        var attributes: [Tileset.Attribute] = []
        while !list.isAtEnd {
            let attribute = try attribute(try list.superDecoder(), of: content, zooms: own)
            guard !attributes.contains(where: { $0.name == attribute.name }) else {
                throw entry.failure("attributes", "\"\(attribute.name)\" stands twice")
            }
            attributes.append(attribute)
        }
        return Tileset.Layer(
            content: content, zooms: own, summary: try entry.text("description"), attributes: attributes,
            levels: levels, clusters: try entry.nested("clusters").map { try clusters($0, of: content, zooms: own) })
    }

    /// `{"maxzoom": 13, "radius": 50, "counts": "category"}`
    private static func clusters(
        _ decoder: any Decoder, of content: Tileset.Content, zooms: ClosedRange<Int>
    ) throws -> Tileset.Clusters {
        let entry = try StrictContainer(decoder, known: ["maxzoom", "radius", "counts"])
        guard let kind = content.recordKind, kind.schema.geometry == .point else {
            throw entry.failure("maxzoom", "\"\(content.rawValue)\" has no points that could be drawn together")
        }
        let maxzoom = try entry.value(Int.self, "maxzoom")
        guard zooms.contains(maxzoom) else {
            throw entry.failure("maxzoom", "must be \(zooms.lowerBound) to \(zooms.upperBound), not \(maxzoom)")
        }
        let radius = try entry.value(Int.self, "radius")
        guard (1...256).contains(radius) else { throw entry.failure("radius", "must be 1 to 256, not \(radius)") }
        let field = try entry.value(String.self, "counts")
        let codes = kind.schema.published.fields.filter { $0.type == .code }.map(\.name)
        guard codes.contains(field) else {
            throw entry.failure(
                "counts",
                "\(content.rawValue) have no field \"\(field)\" of codes; known are \(codes.joined(separator: ", "))")
        }
        return Tileset.Clusters(maxzoom: maxzoom, radius: radius, countedField: field)
    }

    /// Meaning and unit of a record's field stand in the record's definition; a layer's own attributes and figures
    /// state them here.
    private static func attribute(
        _ decoder: any Decoder, of content: Tileset.Content, zooms: ClosedRange<Int>
    ) throws -> Tileset.Attribute {
        if content.takesFigures, try StrictContainer.names(decoder).contains("figures") {
            return try figure(decoder, zooms: zooms)
        }
        let isOwn = content.recordKind == nil
        let entry = try StrictContainer(
            decoder, known: isOwn ? ["name", "minzoom", "description", "unit"] : ["name", "minzoom"])
        let name = try entry.value(String.self, "name")
        let minzoom = try minzoom(entry, zooms)
        if let schema = content.recordKind?.schema.published {
            guard let position = schema.position(of: name) else {
                let known = schema.fields.map(\.name).joined(separator: ", ")
                throw entry.failure("name", "\(content.rawValue) have no field \"\(name)\"; known are \(known)")
            }
            let field = schema.fields[position]
            return Tileset.Attribute(
                name: name, minzoom: minzoom,
                summary: Tileset.LocalizedText(german: field.titleDE, english: field.titleEN), unit: field.unit,
                isNumber: field.type == .integer || field.type == .real, figures: nil)
        }
        guard content.ownAttributes.contains(name) else {
            let known = content.ownAttributes.joined(separator: ", ")
            throw entry.failure("name", "\(content.rawValue) have no attribute \"\(name)\"; known are \(known)")
        }
        return Tileset.Attribute(
            name: name, minzoom: minzoom, summary: try entry.text("description"),
            unit: try entry.optionalValue(String.self, "unit"), isNumber: content.ownNumbers.contains(name),
            figures: nil)
    }

    /// An attribute that is a figure. What figures there are is known to whoever hands them to the tiles.
    private static func figure(_ decoder: any Decoder, zooms: ClosedRange<Int>) throws -> Tileset.Attribute {
        let entry = try StrictContainer(
            decoder, known: ["name", "minzoom", "figures", "description", "unit", "type"])
        let setName = try entry.value(String.self, "figures")
        guard let set = Tileset.FigureSet(rawValue: setName) else {
            let known = Tileset.FigureSet.allCases.map(\.rawValue).joined(separator: ", ")
            throw entry.failure("figures", "there are no figures \"\(setName)\"; known are \(known)")
        }
        let type = try entry.optionalValue(String.self, "type") ?? "number"
        guard type == "number" || type == "text" else {
            throw entry.failure("type", "must be number or text, not \"\(type)\"")
        }
        return Tileset.Attribute(
            name: try entry.value(String.self, "name"), minzoom: try minzoom(entry, zooms),
            summary: try entry.text("description"), unit: try entry.optionalValue(String.self, "unit"),
            isNumber: type == "number", figures: set)
    }

    private static func minzoom(_ entry: StrictContainer, _ zooms: ClosedRange<Int>) throws -> Int {
        let minzoom = try entry.optionalValue(Int.self, "minzoom") ?? zooms.lowerBound
        guard zooms.contains(minzoom) else {
            throw entry.failure("minzoom", "must be \(zooms.lowerBound) to \(zooms.upperBound), not \(minzoom)")
        }
        return minzoom
    }
}

/// An object of which every member must be known.
private struct StrictContainer {
    private let container: KeyedDecodingContainer<Name>

    struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(_ decoder: any Decoder, known: [String]) throws {
        container = try decoder.container(keyedBy: Name.self)
        let unknown = container.allKeys.map(\.stringValue).filter { !known.contains($0) }.sorted()
        if let first = unknown.first {
            throw failure(first, "is not known here; known are \(known.joined(separator: ", "))")
        }
    }

    /// The names of an object's members.
    static func names(_ decoder: any Decoder) throws -> [String] {
        try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue)
    }

    func value<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        try container.decode(type, forKey: Name(stringValue: name))
    }

    func optionalValue<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value? {
        try container.decodeIfPresent(type, forKey: Name(stringValue: name))
    }

    /// An object that may be missing.
    func nested(_ name: String) throws -> (any Decoder)? {
        let key = Name(stringValue: name)
        return container.contains(key) ? try container.superDecoder(forKey: key) : nil
    }

    func list(_ name: String) throws -> any UnkeyedDecodingContainer {
        try container.nestedUnkeyedContainer(forKey: Name(stringValue: name))
    }

    /// A text in both languages: `{"de": ..., "en": ...}`.
    func text(_ name: String) throws -> Tileset.LocalizedText {
        let texts = try value([String: String].self, name)
        guard texts.count == 2, let german = texts["de"], let english = texts["en"] else {
            throw failure(name, "must hold a text in \"de\" and one in \"en\", and no other")
        }
        return Tileset.LocalizedText(german: german, english: english)
    }

    /// `minzoom` and `maxzoom`.
    func zooms(within outer: ClosedRange<Int>) throws -> ClosedRange<Int> {
        let (low, high) = (try value(Int.self, "minzoom"), try value(Int.self, "maxzoom"))
        guard low <= high, outer.contains(low), outer.contains(high) else {
            throw failure(
                "minzoom",
                "minzoom \(low) and maxzoom \(high) must be ascending and within \(outer.lowerBound) to \(outer.upperBound)"
            )
        }
        return low...high
    }

    func failure(_ name: String, _ problem: String) -> DecodingError {
        .dataCorrupted(
            DecodingError.Context(
                codingPath: container.codingPath + [Name(stringValue: name)], debugDescription: problem))
    }
}

extension DecodingError {
    private var context: Context {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context
        @unknown default: Context(codingPath: [], debugDescription: "\(self)")
        }
    }

    /// Where in the file, such as `layers[2].attributes[0].name`.
    fileprivate var path: String {
        context.codingPath.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }

    fileprivate var problem: String {
        switch self {
        case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
        case .typeMismatch(let type, _): "must be of type \(type)"
        default: context.debugDescription
        }
    }
}
