/// A CQL2 filter as it was read, with its source for errors to point at.
///
/// Reading checks everything that can be known without the data: the grammar, the values of literals, and the types of
/// operands as far as no property is involved. `bind(to:)` checks the rest. Values, hence usable from any thread.
public struct Filter: Sendable {
    /// The syntax tree: a predicate.
    public let expression: FilterExpression
    /// The axes of the geometry literals.
    public let domain: CoordinateDomain
    let source: FilterSource

    /// Reads CQL2 Text.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8. Also whatever is not: hostile bytes are an error like any other.
    ///   - domain: the axes of geometry literals, which are checked against their ranges.
    /// - Complexity: O(bytes).
    /// - Throws: `FilterError` with the place.
    public init(
        text bytes: some Sequence<UInt8>, domain: CoordinateDomain = .longitudeLatitude, limits: FilterLimits = .init()
    ) throws(FilterError) {
        source = FilterSource(bytes: Array(bytes))
        try source.validate(limits)
        var parser = try TextParser(source, domain: domain, limits: limits)
        expression = try parser.filter()
        self.domain = domain
        try TypeCheck(source: source).requirePredicate(expression)
    }

    /// Reads CQL2 Text.
    public init(
        text: String, domain: CoordinateDomain = .longitudeLatitude, limits: FilterLimits = .init()
    ) throws(FilterError) {
        try self.init(text: text.utf8, domain: domain, limits: limits)
    }

    /// Reads CQL2 JSON; otherwise as `init(text:domain:limits:)`.
    public init(
        json bytes: some Sequence<UInt8>, domain: CoordinateDomain = .longitudeLatitude, limits: FilterLimits = .init()
    ) throws(FilterError) {
        source = FilterSource(bytes: Array(bytes))
        try source.validate(limits)
        var reader = JSONReader(source, domain: domain, limits: limits)
        expression = try reader.filter()
        self.domain = domain
        try TypeCheck(source: source).requirePredicate(expression)
    }

    /// Reads CQL2 JSON.
    public init(
        json: String, domain: CoordinateDomain = .longitudeLatitude, limits: FilterLimits = .init()
    ) throws(FilterError) {
        try self.init(json: json.utf8, domain: domain, limits: limits)
    }

    /// Makes a filter of a tree that a program has built.
    ///
    /// - Throws: `FilterError` of kind `type` where it is no predicate.
    public init(_ expression: FilterExpression, domain: CoordinateDomain = .longitudeLatitude) throws(FilterError) {
        self.expression = expression
        self.domain = domain
        source = .none
        try TypeCheck(source: source).requirePredicate(expression)
    }
}

extension Filter: Hashable {
    /// Compares the trees and the axes, not the sources.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.expression == rhs.expression && lhs.domain == rhs.domain
    }

    /// Hashes the tree and the axes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(expression)
        hasher.combine(domain)
    }
}
