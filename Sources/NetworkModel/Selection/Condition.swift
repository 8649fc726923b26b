internal import CQL2
public import Geometry

/// A condition in the OGC filter language CQL2, text or JSON, on rows of columns: the parameter `offer-filter` of the
/// grammar for offers, and the parameter `filter` of every collection.
///
/// Its queryables are the fields under their own names; a list is an array, a date in reduced precision stands for its
/// first day (in `valid_to` for its last), and `geometry` is the position or surface.
public struct Condition: Sendable, Hashable {
    /// The encodings of CQL2, as `filter-lang` names them.
    public enum Encoding: String, Sendable, Hashable, CaseIterable {
        /// Like the condition of a query in SQL.
        case text = "cql2-text"
        /// A tree of operations.
        case json = "cql2-json"
    }

    /// The condition in CQL2 text, the same for everything that is written differently but is the same.
    public let text: String
    /// The parameter that states it, for refusals.
    public let parameter: String
    /// The CRS of the geometries that it writes out.
    public let crs: ExchangeCRS
    private let filter: Filter

    /// About what it takes in memory, in bytes: some thirty for each of its text, which its tree takes.
    var cost: Int { 512 + 32 * text.utf8.count }

    /// The longest expression, in bytes.
    static let longest = 16_384

    /// The most parts: a bound on the work that a condition makes for every row.
    static let mostNodes = 500

    /// Reads a condition.
    ///
    /// - Parameters:
    ///   - parameter: the parameter that states it.
    ///   - encoding: nil takes what begins with `{` for JSON.
    ///   - crs: the CRS of the geometries that it writes out.
    /// - Complexity: O(bytes)
    /// - Throws: `FilterError.invalidExpression` with the place.
    public init(
        _ source: String, parameter: String, encoding: Encoding? = nil, crs: ExchangeCRS = .longitudeLatitude
    ) throws(FilterError) {
        self.parameter = parameter
        self.crs = crs
        let isJSON = encoding.map { $0 == .json } ?? (source.drop(while: \.isWhitespace).first == "{")
        do throws(CQL2.FilterError) {
            let limits = FilterLimits(length: Self.longest, nodes: Self.mostNodes)
            filter =
                isJSON
                ? try Filter(json: source.utf8, domain: crs.domain, limits: limits)
                : try Filter(text: source.utf8, domain: crs.domain, limits: limits)
            text = try filter.text()
        } catch {
            throw .invalidExpression(parameter: parameter, message: error.description)
        }
    }

    /// Checks the condition against the names and types of rows, and prepares it for them.
    ///
    /// - Parameter coordinates: takes geometries of a projected CRS to longitude and latitude.
    /// - Throws: `FilterError.invalidExpression` with the place, for names that the rows do not have, for operands of
    ///   another type and for geometries that cannot be transformed.
    public func bound(
        to rows: ConditionRows, coordinates: CoordinateExchange? = nil
    ) throws(FilterError) -> BoundCondition {
        var transform: ((FeatureGeometry<Unreferenced>) throws(GeometryError) -> FeatureGeometry<Geographic>)?
        if !crs.isGeographic, let coordinates {
            transform = { (geometry) throws(GeometryError) in try coordinates.geographic(geometry, from: crs) }
        }
        do throws(CQL2.FilterError) {
            let bound = try filter.bind(to: rows.queryables, transform: transform)
            return BoundCondition(filter: bound, rows: rows, parameter: parameter)
        } catch {
            throw .invalidExpression(parameter: parameter, message: error.description)
        }
    }

    /// Two conditions are equal if they say the same in the same words, by code points as CQL2 compares strings: Swift
    /// takes an `ü` and a `u` with two dots for equal.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.text.utf8.elementsEqual(rhs.text.utf8) && lhs.parameter == rhs.parameter && lhs.crs == rhs.crs
    }

    /// Hashes the words.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        hasher.combine(parameter)
        hasher.combine(crs)
    }
}

extension ExchangeCRS {
    /// How geometries of the CRS are read.
    fileprivate var domain: CoordinateDomain {
        switch self {
        case .longitudeLatitude: .longitudeLatitude
        case .latitudeLongitude: .latitudeLongitude
        case .utm32, .europeanGrid, .webMercator: .projected
        }
    }
}
