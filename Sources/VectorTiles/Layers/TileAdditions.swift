public import NetworkModel

/// What is handed to tiles beside the snapshot: the answers of analyses, about which tiles know nothing.
///
/// A value, safe to use from any thread.
public struct TileAdditions: Sendable {
    /// Columns beside the records of a layer of areas, by the names of the tileset's attributes.
    public struct Figures: Sendable {
        private let columns: [String: AttributeColumn]

        /// Takes columns with a value for each row of the layer's table, in its order.
        public init(_ columns: [(name: String, values: Column)]) {
            self.columns = Dictionary(
                columns.map { ($0.name, AttributeColumn(name: $0.name, minzoom: 0, values: $0.values)) },
                uniquingKeysWith: { first, _ in first })
        }

        /// The column of an attribute; nil where there is none, or one that has not a value for each row.
        func column(_ name: String, rows: Int) -> AttributeColumn? {
            columns[name].flatMap { $0.values.count == rows ? $0 : nil }
        }
    }

    /// Further columns of areas.
    public var figures: [Tileset.Content: Figures] = [:]
    /// The rows of layers that are answers (`Tileset.Content.isAnswer`).
    public var rows: [Tileset.Content: TileRows] = [:]

    /// Nothing.
    public init() {}
}
