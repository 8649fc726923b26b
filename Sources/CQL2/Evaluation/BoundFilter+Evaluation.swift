internal import Geometry

extension BoundFilter {
    /// Whether a row passes: the filter is true for it, neither false nor unknown.
    ///
    /// - Complexity: O(nodes), plus what the spatial relations cost that boxes leave open.
    public func matches<Relations: SpatialRelations & ~Copyable>(
        _ row: some PropertyValues, relations: borrowing Relations
    ) throws(Relations.Failure) -> Bool {
        try truth(of: row, relations: relations) == true
    }

    /// True, false, or nil for unknown: the three-valued logic of SQL, in which nothing that is compared with null is
    /// true or false.
    public func truth<Relations: SpatialRelations & ~Copyable>(
        of row: some PropertyValues, relations: borrowing Relations
    ) throws(Relations.Failure) -> Bool? {
        try truth(predicate, row, relations)
    }

    private func truth<Relations: SpatialRelations & ~Copyable>(
        _ node: BoundNode, _ row: some PropertyValues, _ relations: borrowing Relations
    ) throws(Relations.Failure) -> Bool? {
        switch node {
        case .and(let operands):
            var result: Bool? = true
            for operand in operands {
                switch try truth(operand, row, relations) {
                case false?: return false
                case nil: result = nil
                case true?: break
                }
            }
            return result
        case .or(let operands):
            var result: Bool? = false
            for operand in operands {
                switch try truth(operand, row, relations) {
                case true?: return true
                case nil: result = nil
                case false?: break
                }
            }
            return result
        case .not(let operand): return try truth(operand, row, relations).map { !$0 }
        case .comparison(let comparison, let left, let right):
            let left = try value(left, row, relations)
            let right = try value(right, row, relations)
            return Scalars.order(left, right).map { Scalars.holds(comparison, $0) }
        case .like(let operand, let pattern):
            guard case .string(let text) = try value(operand, row, relations) else { return nil }
            return pattern.matches(text)
        case .between(let operand, let lower, let upper):
            let operand = try value(operand, row, relations)
            let isAbove = Scalars.order(operand, try value(lower, row, relations)).map { $0 >= 0 }
            let isBelow = Scalars.order(operand, try value(upper, row, relations)).map { $0 <= 0 }
            if isAbove == false || isBelow == false { return false }
            return isAbove == nil || isBelow == nil ? nil : true
        case .isIn(let operand, let candidates):
            let operand = try value(operand, row, relations)
            var result: Bool? = false
            for candidate in candidates {
                guard let order = Scalars.order(operand, try value(candidate, row, relations)) else {
                    result = nil
                    continue
                }
                if order == 0 { return true }
            }
            return result
        case .isNull(let operand): return try value(operand, row, relations).isNull
        case .spatial(let relation, let first, let second):
            return try holds(relation, first, second, row, relations)
        case .temporal(let relation, let first, let second):
            guard let first = try value(first, row, relations).period,
                let second = try value(second, row, relations).period
            else { return nil }
            return Periods.holds(relation, first, second)
        case .array(let relation, let first, let second):
            guard case .list(let first) = try value(first, row, relations),
                case .list(let second) = try value(second, row, relations),
                !first.contains(where: \.isNull), !second.contains(where: \.isNull)
            else { return nil }
            return Scalars.holds(relation, first, second)
        default:
            guard case .boolean(let boolean) = try value(node, row, relations) else { return nil }
            return boolean
        }
    }

    private func value<Relations: SpatialRelations & ~Copyable>(
        _ node: BoundNode, _ row: some PropertyValues, _ relations: borrowing Relations
    ) throws(Relations.Failure) -> Value {
        switch node {
        case .constant(let value): return value
        case .property(let position):
            let value = row.value(of: position)
            return value.isNull ? .null : value
        case .geometry(let position): return .geometry(geometries[position].geometry)
        case .interval(let start, let end):
            let start = try start.map { node throws(Relations.Failure) in try value(node, row, relations) }
            let end = try end.map { node throws(Relations.Failure) in try value(node, row, relations) }
            // A bound that is stated but null is unknown, not open.
            if let start, start.instant == nil { return .null }
            if let end, end.instant == nil { return .null }
            return .interval(Interval(start: start?.instant, end: end?.instant))
        case .list(let elements):
            var values: [Value] = []
            for element in elements { values.append(try value(element, row, relations)) }
            return .list(values)
        case .caseInsensitive(let operand):
            guard case .string(let text) = try value(operand, row, relations) else { return .null }
            return .string(TextFolding.withoutCase(text))
        case .accentInsensitive(let operand):
            guard case .string(let text) = try value(operand, row, relations) else { return .null }
            return .string(TextFolding.withoutAccents(text))
        case .arithmetic(let calculation, let left, let right):
            return Scalars.calculate(
                calculation, try value(left, row, relations), try value(right, row, relations))
        default: return try truth(node, row, relations).map { .boolean($0) } ?? .null
        }
    }

    // MARK: Spatial relations

    private func holds<Relations: SpatialRelations & ~Copyable>(
        _ relation: SpatialRelation, _ first: BoundNode, _ second: BoundNode, _ row: some PropertyValues,
        _ relations: borrowing Relations
    ) throws(Relations.Failure) -> Bool? {
        // Boxes first: most rows are decided by them, and a row may not even have to read its geometry.
        let firstBoxes = boxes(first, row)
        let secondBoxes = boxes(second, row)
        if let firstBoxes, let secondBoxes,
            let answer = decided(relation, first, firstBoxes, second, secondBoxes)
        {
            return answer
        }
        guard case .geometry(let a) = try value(first, row, relations),
            case .geometry(let b) = try value(second, row, relations)
        else { return nil }
        if firstBoxes == nil || secondBoxes == nil,
            let answer = decided(
                relation, first, firstBoxes ?? [a.boundingBox], second, secondBoxes ?? [b.boundingBox])
        {
            return answer
        }
        return try relations.holds(relation, operand(a, first), operand(b, second))
    }

    private func operand(_ geometry: FeatureGeometry<Geographic>, _ node: BoundNode) -> SpatialOperand {
        var literal: Int?
        if case .geometry(let position) = node { literal = position }
        return SpatialOperand(geometry: geometry, literal: literal)
    }

    private func boxes(_ node: BoundNode, _ row: some PropertyValues) -> [BoundingBox<Geographic>]? {
        switch node {
        case .geometry(let position): geometries[position].boxes
        case .property(let position): row.bounds(of: position).map { [$0] }
        default: nil
        }
    }

    /// The answer where the boxes alone give it.
    private func decided(
        _ relation: SpatialRelation, _ first: BoundNode, _ firstBoxes: [BoundingBox<Geographic>],
        _ second: BoundNode, _ secondBoxes: [BoundingBox<Geographic>]
    ) -> Bool? {
        // An empty geometry has an empty box, which meets no other: disjoint from everything.
        guard firstBoxes.contains(where: { a in secondBoxes.contains { $0.intersects(a) } }) else {
            return relation == .disjoint
        }
        guard relation == .intersects || relation == .disjoint else { return nil }
        // Whatever lies in a rectangle has a point in common with it.
        let isCovered =
            isRectangle(first) && firstBoxes[0].contains(all: secondBoxes)
            || isRectangle(second) && secondBoxes[0].contains(all: firstBoxes)
        return isCovered ? relation == .intersects : nil
    }

    private func isRectangle(_ node: BoundNode) -> Bool {
        guard case .geometry(let position) = node else { return false }
        return geometries[position].isRectangle
    }
}

extension BoundingBox {
    fileprivate func contains(all boxes: [Self]) -> Bool { boxes.allSatisfy { contains($0) } }
}
