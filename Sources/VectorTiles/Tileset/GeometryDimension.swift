extension Tileset.Content {
    /// The dimension of the layer's geometries: 0 points, 1 lines, 2 areas.
    public var geometryDimension: Int {
        switch self {
        case .labels, .offers, .actors, .access: 0
        case .borders, .links: 1
        case .districts, .municipalities, .gaps: 2
        }
    }
}
