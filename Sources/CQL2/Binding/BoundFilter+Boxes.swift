public import Geometry

extension BoundFilter {
    /// The boxes of which every row that passes must meet at least one with a geometry property: what to ask a spatial
    /// index for. nil where the filter implies none; an empty array where no row passes at all.
    ///
    /// Necessary, not sufficient: rows found this way are still to be matched.
    ///
    /// - Complexity: O(nodes).
    public func necessaryBoxes(of queryable: Int) -> [BoundingBox<Geographic>]? {
        necessaryBoxes(predicate, queryable)
    }

    private func necessaryBoxes(_ node: BoundNode, _ queryable: Int) -> [BoundingBox<Geographic>]? {
        switch node {
        case .constant(.boolean(false)): return []
        case .not(.spatial(.disjoint, let first, let second)): return literalBoxes(first, second, queryable)
        case .spatial(let relation, let first, let second) where relation != .disjoint:
            return literalBoxes(first, second, queryable)
        case .and(let operands):
            // Any of them would do; the smallest leaves the fewest rows.
            return operands.compactMap { necessaryBoxes($0, queryable) }.min { $0.area < $1.area }
        case .or(let operands):
            var boxes: [BoundingBox<Geographic>] = []
            for operand in operands {
                guard let more = necessaryBoxes(operand, queryable) else { return nil }
                boxes += more
            }
            return boxes
        default: return nil
        }
    }

    private func literalBoxes(
        _ first: BoundNode, _ second: BoundNode, _ queryable: Int
    ) -> [BoundingBox<Geographic>]? {
        switch (first, second) {
        case (.property(queryable), .geometry(let literal)), (.geometry(let literal), .property(queryable)):
            geometries[literal].boxes
        default: nil
        }
    }
}

extension [BoundingBox<Geographic>] {
    fileprivate var area: Double { reduce(0) { $0 + ($1.maxX - $1.minX) * ($1.maxY - $1.minY) } }
}
