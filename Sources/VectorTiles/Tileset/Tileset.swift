internal import NetworkModel

/// What tiles hold: layers, which attributes at which zoom, and how both are described.
///
/// Read from one JSON file, so that an operator can change what a map gets without building anything. Every name is
/// checked when the file is read: a tileset that exists can be served.
public struct Tileset: Sendable, Hashable {
    /// The version of the tileset's structure (semver): what a client can rely on.
    public let version: String
    /// The name, by language.
    public let name: LocalizedText
    /// What it shows, by language.
    public let summary: LocalizedText
    /// The zooms that are served.
    public let zooms: ClosedRange<Int>
    /// The layers, in the order in which tiles hold them.
    public let layers: [Layer]
    /// What the file and the making of tiles are known by: where either changes, tiles of the same data may have other
    /// bytes, and caches must not take them for the same. Empty for a tileset that was not read from a file.
    public private(set) var fingerprint = ""

    /// The names of all layers, in the order in which tiles hold them.
    public var layerNames: [String] { layers.map(\.content.rawValue) }

    /// A text in the languages of the product.
    public struct LocalizedText: Sendable, Hashable {
        /// The German text.
        public let german: String
        /// The English text.
        public let english: String

        /// The text in a language (BCP 47 tag); German for any other than English.
        public subscript(language: String) -> String {
            language.lowercased().prefix(2) == "en" ? english : german
        }
    }

    /// What a layer shows. The raw value is the layer's name.
    public enum Content: String, Sendable, Hashable, CaseIterable {
        /// The districts' areas.
        case districts
        /// The municipalities' areas.
        case municipalities
        /// Borders as lines, each once.
        case borders
        /// One point per area for its name.
        case labels
        /// Located offers.
        case offers
        /// Located actors.
        case actors
        /// Lines between located actors that are linked.
        case links
        /// Surfaces that no offer reaches.
        case gaps
        /// Places where people live, with the nearest offer.
        case access

        /// Whether the rows are an answer of an analysis, handed to the tiles with a request. Such a layer is there only
        /// where it is asked for by name.
        public var isAnswer: Bool { self == .gaps || self == .access }

        /// Whether figures can stand beside the records.
        var takesFigures: Bool { self == .districts || self == .municipalities }

        /// The kind of record whose fields the layer's attributes are, nil where the layer makes its own.
        var recordKind: RecordKind? {
            switch self {
            case .districts: .districts
            case .municipalities: .municipalities
            case .offers: .offers
            case .actors: .actors
            case .links: .links
            case .borders, .labels, .gaps, .access: nil
            }
        }

        /// The attributes that the layer makes itself.
        var ownAttributes: [String] {
            switch self {
            case .borders: ["level"]
            case .labels: ["level", "key", "name", "people"]
            case .gaps: ["id", "area_key", "area_name", "people", "cells", "area_m2"]
            case .access: ["cell", "people", "distance_m", "nearest_offer_id", "district_key", "municipality_key"]
            default: []
            }
        }

        /// Those of them whose values are numbers.
        var ownNumbers: [String] { ["people", "cells", "area_m2", "distance_m"].filter(ownAttributes.contains) }

        /// The levels that the layer's features can have.
        var levels: [String] {
            switch self {
            case .borders: BorderLevel.allCases.map(\.rawValue)
            case .labels: ["district", "municipality"]
            default: []
            }
        }
    }

    /// One layer.
    public struct Layer: Sendable, Hashable {
        /// What it shows.
        public let content: Content
        /// The zooms at which tiles hold it.
        public let zooms: ClosedRange<Int>
        /// What it shows, by language.
        public let summary: LocalizedText
        /// Its attributes, in the order in which features hold them.
        public let attributes: [Attribute]
        /// For a layer whose features have a level: the zoom from which each level is shown. A level that is not named
        /// is shown wherever the layer is.
        public let levels: [String: Int]
        /// For a layer of points: which of them are drawn as one; nil where each is drawn for itself.
        public let clusters: Clusters?

        /// Whether features of a level are shown at a zoom.
        func shows(_ level: String, at zoom: Int) -> Bool { zooms.contains(zoom) && zoom >= levels[level] ?? 0 }

        /// Whether attributes are figures of a set.
        public func holds(_ figures: FigureSet) -> Bool { attributes.contains { $0.figures == figures } }

        /// The layer as its features are with some figures.
        func with(_ figures: Set<FigureSet>) -> Layer {
            Layer(
                content: content, zooms: zooms, summary: summary,
                attributes: attributes.filter { $0.figures.map(figures.contains) ?? true }, levels: levels,
                clusters: clusters)
        }
    }

    /// Figures of areas that are handed to the tiles beside the records. The raw value is what files and requests call
    /// them.
    public enum FigureSet: String, Sendable, Hashable, CaseIterable {
        /// The rural index, and what is published of it: always there.
        case rural
        /// How far people have to an offer: there where it is asked for.
        case coverage
    }

    /// How a layer's points are drawn together.
    public struct Clusters: Sendable, Hashable {
        /// The deepest zoom at which they are; from the next on each is drawn for itself.
        public let maxzoom: Int
        /// The smallest distance of two marks, in pixels of a tile that is 512 pixels wide.
        public let radius: Int
        /// The field whose codes are counted.
        public let countedField: String

        /// The radius in steps of a tile's grid.
        var steps: Int32 { Int32(radius) * TileGrid.extent / 512 }
    }

    /// One attribute of a layer's features.
    public struct Attribute: Sendable, Hashable {
        /// Its name, which is that of the record's field where the layer shows records.
        public let name: String
        /// The zoom from which features hold it.
        public let minzoom: Int
        /// What it means, by language.
        public let summary: LocalizedText
        /// Its unit (UCUM), where it is a number with a unit.
        public let unit: String?
        /// Whether its values are numbers; else they are texts.
        public let isNumber: Bool
        /// The figures that it is one of; nil for what the layer holds by itself.
        public let figures: FigureSet?
    }

    /// Reads a tileset file.
    ///
    /// - Throws: `TileError.invalidTileset` naming the place in the file for anything that is not understood in full,
    ///   unknown members included: a misspelt `minzoom` must not silently become none.
    public init(json: [UInt8]) throws(TileError) {
        self = try TilesetFile.read(json)
        let hash = FeatureIdentifiers.hash(json, attempt: Self.making)
        fingerprint = String(hash, radix: 36)
    }

    /// How tiles are made. Raise it with every change after which equal data make other bytes: tiles that clients have
    /// kept for ever are then asked for under another URL.
    private static let making: UInt64 = 4

    init(version: String, name: LocalizedText, summary: LocalizedText, zooms: ClosedRange<Int>, layers: [Layer]) {
        self.version = version
        self.name = name
        self.summary = summary
        self.zooms = zooms
        self.layers = layers
    }
}
