/// What a filter may cost before it is refused. The defaults hold what people and programs write by far.
public struct FilterLimits: Hashable, Sendable {
    /// The greatest number of bytes of the source.
    public var length: Int
    /// The greatest height of the tree. Chains of `AND` and `OR` are flat, chains of `+` and `*` are not. Parentheses
    /// that add nothing to the tree may nest twice as deep.
    public var depth: Int
    /// The greatest number of nodes of the tree.
    public var nodes: Int
    /// The greatest number of positions in all geometries together.
    public var vertices: Int

    /// Makes limits.
    public init(length: Int = 262_144, depth: Int = 64, nodes: Int = 2_000, vertices: Int = 10_000) {
        self.length = length
        self.depth = depth
        self.nodes = nodes
        self.vertices = vertices
    }
}

/// What is left of the limits while a filter is read.
struct Budget {
    let limits: FilterLimits
    private var nodes = 0
    private var vertices = 0

    init(_ limits: FilterLimits) { self.limits = limits }

    mutating func add(_ expression: FilterExpression, in source: FilterSource) throws(FilterError) -> FilterExpression {
        let offset = expression.offset
        try checkDepth(expression.height, at: offset, in: source)
        nodes += 1
        guard nodes <= limits.nodes else {
            throw source.error(.limit, "the filter has more than \(limits.nodes) parts; make it simpler", at: offset)
        }
        return expression
    }

    mutating func vertex(at offset: Int, in source: FilterSource) throws(FilterError) {
        vertices += 1
        guard vertices <= limits.vertices else {
            throw source.error(
                .limit, "the filter's geometries have more than \(limits.vertices) positions; simplify them", at: offset
            )
        }
    }

    func checkDepth(_ depth: Int, at offset: Int, in source: FilterSource) throws(FilterError) {
        guard depth <= limits.depth else {
            throw source.error(.limit, "the filter is nested more than \(limits.depth) deep", at: offset)
        }
    }
}
