public import Geometry

/// A filter whose names and types are known, ready to be applied to rows. A value, usable from any thread.
public struct BoundFilter: Sendable {
    /// The geometry literals, in source order.
    public internal(set) var geometries: [BoundGeometry] = []
    var predicate: BoundNode = .constant(.null)
}

/// The tree in the form in which it is applied.
indirect enum BoundNode: Sendable {
    case constant(Value)
    case property(Int)
    /// A position in `BoundFilter.geometries`.
    case geometry(Int)
    case interval(BoundNode?, BoundNode?)
    case list([BoundNode])
    case caseInsensitive(BoundNode)
    case accentInsensitive(BoundNode)
    case arithmetic(ArithmeticOperator, BoundNode, BoundNode)
    case comparison(ComparisonOperator, BoundNode, BoundNode)
    case like(BoundNode, LikePattern)
    case between(BoundNode, BoundNode, BoundNode)
    case isIn(BoundNode, [BoundNode])
    case isNull(BoundNode)
    case spatial(SpatialRelation, BoundNode, BoundNode)
    case temporal(TemporalRelation, BoundNode, BoundNode)
    case array(ArrayRelation, BoundNode, BoundNode)
    case and([BoundNode])
    case or([BoundNode])
    case not(BoundNode)
}

extension Filter {
    /// Checks names and types against the properties that rows have, and prepares the filter for them.
    ///
    /// - Parameters:
    ///   - queryables: rows are asked by positions in this array.
    ///   - transform: takes geometry literals, axes in source order, to longitude and latitude. Needed for
    ///     `CoordinateDomain.projected`; the others swap axes at most.
    /// - Complexity: O(nodes + positions of literals).
    /// - Throws: `FilterError` with the place of the operand: of kind `unknownProperty`, `unknownFunction` (the
    ///   standard's own functions are all there are), `type`, or `value`.
    public func bind(
        to queryables: [Queryable],
        transform: ((FeatureGeometry<Unreferenced>) throws(GeometryError) -> FeatureGeometry<Geographic>)? = nil
    ) throws(FilterError) -> BoundFilter {
        try TypeCheck(source: source, queryables: queryables).requirePredicate(expression)
        var binder = Binder(
            source: source, domain: domain, transform: transform,
            types: queryables.map(\.type),
            positions: Dictionary(queryables.enumerated().map { ($1.name, $0) }) { first, _ in first })
        binder.filter.predicate = try binder.bound(expression)
        return binder.filter
    }
}

/// The syntax tree to the bound one. Types have been checked.
private struct Binder {
    let source: FilterSource
    let domain: CoordinateDomain
    let transform: ((FeatureGeometry<Unreferenced>) throws(GeometryError) -> FeatureGeometry<Geographic>)?
    let types: [QueryableType]
    let positions: [String: Int]
    var filter = BoundFilter()

    /// Operands that are compared with each other: with an instant among them, strings are cast to instants.
    mutating func comparable(_ expressions: [FilterExpression]) throws(FilterError) -> [BoundNode] {
        var nodes = try bound(expressions)
        let hasInstant = nodes.contains { node in
            switch node {
            case .constant(.date), .constant(.timestamp): true
            case .property(let position): types[position].isInstant
            default: false
            }
        }
        guard hasInstant else { return nodes }
        for (index, expression) in expressions.enumerated() {
            if let instant = expression.castInstant { nodes[index] = .constant(instant) }
        }
        return nodes
    }

    mutating func bound(_ expressions: [FilterExpression]) throws(FilterError) -> [BoundNode] {
        var nodes: [BoundNode] = []
        for expression in expressions { nodes.append(try bound(expression)) }
        return nodes
    }

    mutating func bound(_ expression: FilterExpression) throws(FilterError) -> BoundNode {
        switch expression.node {
        case .string(let string): return .constant(.string(string))
        case .integer(let integer): return .constant(.integer(integer))
        case .real(let real): return .constant(.real(real))
        case .boolean(let boolean): return .constant(.boolean(boolean))
        case .date(let date): return .constant(.date(date))
        case .timestamp(let timestamp): return .constant(.timestamp(timestamp))
        case .geometry(let geometry): return try add(geometry, at: expression.offset)
        case .box(let box): return try add(box, at: expression.offset)
        case .interval(let start, let end): return .interval(try bound(start), try bound(end))
        case .list(let elements): return .list(try bound(elements))
        case .property(let name):
            guard let position = positions[name] else {
                throw source.error(.unknownProperty, "there is no queryable '\(name)'", at: expression.offset)
            }
            return .property(position)
        case .function(let name, _):
            throw source.error(.unknownFunction, "there is no function '\(name)'", at: expression.offset)
        case .caseInsensitive(let operand):
            let operand = try bound(operand)
            if case .constant(.string(let text)) = operand { return .constant(.string(TextFolding.withoutCase(text))) }
            return .caseInsensitive(operand)
        case .accentInsensitive(let operand):
            let operand = try bound(operand)
            if case .constant(.string(let text)) = operand {
                return .constant(.string(TextFolding.withoutAccents(text)))
            }
            return .accentInsensitive(operand)
        case .arithmetic(let calculation, let left, let right):
            let operands = try bound([left, right])
            if case .constant(let left) = operands[0], case .constant(let right) = operands[1] {
                return .constant(Scalars.calculate(calculation, left, right))
            }
            return .arithmetic(calculation, operands[0], operands[1])
        case .comparison(let comparison, let left, let right):
            let operands = try comparable([left, right])
            return .comparison(comparison, operands[0], operands[1])
        case .like(let value, let pattern):
            guard case .constant(.string(let text)) = try bound(pattern), let compiled = LikePattern(text) else {
                throw source.error(.value, "the pattern of LIKE ends with a lone '\\'", at: pattern.offset)
            }
            return .like(try bound(value), compiled)
        case .between(let value, let lower, let upper):
            let operands = try comparable([value, lower, upper])
            return .between(operands[0], operands[1], operands[2])
        case .isIn(let value, let candidates):
            let operands = try comparable([value] + candidates)
            return .isIn(operands[0], Array(operands.dropFirst()))
        case .isNull(let operand): return .isNull(try bound(operand))
        case .spatial(let relation, let first, let second):
            return .spatial(relation, try bound(first), try bound(second))
        case .temporal(let relation, let first, let second):
            return .temporal(relation, try bound(first), try bound(second))
        case .array(let relation, let first, let second): return .array(relation, try bound(first), try bound(second))
        case .and(let operands): return .and(try bound(operands))
        case .or(let operands): return .or(try bound(operands))
        case .not(let operand): return .not(try bound(operand))
        }
    }

    private mutating func bound(_ bound: IntervalBound) throws(FilterError) -> BoundNode? {
        guard case .instant(let instant) = bound else { return nil }
        return try self.bound(instant)
    }

    private mutating func add(
        _ geometry: FeatureGeometry<Unreferenced>, at offset: Int
    ) throws(FilterError) -> BoundNode {
        let geometry = try geographic(geometry, at: offset)
        return add(BoundGeometry(geometry: geometry, offset: offset, boxes: [geometry.boundingBox], isRectangle: false))
    }

    private mutating func add(_ box: BoxLiteral, at offset: Int) throws(FilterError) -> BoundNode {
        let parts = domain.parts(of: box)
        let shapes = parts.map { $0.shape(segments: domain == .projected ? 16 : 1) }
        let isFlat = parts.contains { $0.minX == $0.maxX || $0.minY == $0.maxY }
        let geometry: FeatureGeometry<Unreferenced> =
            shapes.count == 1
            ? shapes[0] : isFlat ? .collection(shapes) : .multiPolygon(MultiPolygon(shapes.flatMap(\.surface.polygons)))
        let result = try geographic(geometry, at: offset)
        var boxes: [BoundingBox<Geographic>] = []
        for shape in shapes { boxes.append(try geographic(shape, at: offset).boundingBox) }
        return add(
            BoundGeometry(
                geometry: result, offset: offset, boxes: boxes,
                isRectangle: parts.count == 1 && !isFlat && domain != .projected))
    }

    private mutating func add(_ geometry: BoundGeometry) -> BoundNode {
        filter.geometries.append(geometry)
        return .geometry(filter.geometries.count - 1)
    }

    private func geographic(
        _ geometry: FeatureGeometry<Unreferenced>, at offset: Int
    ) throws(FilterError) -> FeatureGeometry<Geographic> {
        if let transform {
            do throws(GeometryError) {
                return try transform(geometry)
            } catch {
                throw source.error(.value, "the geometry cannot be transformed: \(error)", at: offset)
            }
        }
        switch domain {
        case .longitudeLatitude: return geometry.map { Coordinate(x: $0.x, y: $0.y) }
        case .latitudeLongitude: return geometry.map { Coordinate(x: $0.y, y: $0.x) }
        case .projected:
            throw source.error(.value, "geometries of this CRS cannot be used here", at: offset)
        }
    }
}

extension BoundingBox {
    /// The box as a geometry: a polygon, and where it is flat the line or point that is left of it.
    ///
    /// - Parameter segments: the pieces of each side, for transformations that bend them.
    func shape(segments: Int) -> FeatureGeometry<Frame> {
        func line(_ corners: [Coordinate<Frame>]) -> [Coordinate<Frame>] {
            var line: [Coordinate<Frame>] = []
            for (start, end) in zip(corners, corners.dropFirst()) {
                for step in 0..<segments {
                    let share = Double(step) / Double(segments)
                    line.append(
                        Coordinate(x: start.x + (end.x - start.x) * share, y: start.y + (end.y - start.y) * share))
                }
            }
            return line + corners.suffix(1)
        }
        let low = Coordinate<Frame>(x: minX, y: minY)
        let high = Coordinate<Frame>(x: maxX, y: maxY)
        if low == high { return .point(low) }
        if minX == maxX || minY == maxY { return .lineString(line([low, high])) }
        let corners = [low, Coordinate(x: maxX, y: minY), high, Coordinate(x: minX, y: maxY), low]
        return .polygon(Polygon(exterior: Ring(line(corners))))
    }
}
