internal import CQL2
internal import Geometry

/// A condition on offers in the OGC filter language CQL2, text or JSON: the parameter `offer-filter` of the grammar.
///
/// Its queryables are the fields of the published offers under their own names; a list is an array, a date in reduced
/// precision stands for its first day (in `valid_to` for its last), and `geometry` is the position.
public struct OfferExpression: Sendable, Hashable {
    /// The condition in CQL2 text, the same for everything that is written differently but is the same.
    public let text: String
    private let filter: Filter

    /// The longest expression, in bytes.
    static let longest = 16_384

    /// The most parts: a bound on the work that a condition makes for every offer.
    static let mostNodes = 200

    /// Reads a condition; one that begins with `{` is JSON.
    ///
    /// - Throws: `FilterError.invalidExpression` with the place.
    init(_ source: String) throws(FilterError) {
        do throws(CQL2.FilterError) {
            let limits = FilterLimits(length: Self.longest, nodes: Self.mostNodes)
            filter =
                source.drop(while: \.isWhitespace).first == "{"
                ? try Filter(json: source.utf8, limits: limits) : try Filter(text: source.utf8, limits: limits)
            text = try filter.text()
        } catch {
            throw .invalidExpression(parameter: OfferFilter.expressionName, message: error.description)
        }
    }

    /// For each row of the offers whether it fulfils the condition; nil where that cannot be said because the offer
    /// states nothing in a field that the condition needs.
    ///
    /// - Complexity: O(rows · nodes)
    /// - Throws: `FilterError.invalidExpression` for names that offers do not have and for geometries that are not valid.
    func truths(of offers: Table) throws(FilterError) -> [Bool?] {
        let fields = offers.schema.fields.enumerated().filter { $0.element.name != "publish" }
        let queryables =
            fields.map { Queryable($0.element.name, $0.element.type.queryable) } + [Queryable("geometry", .geometry)]
        let positions = fields.map(\.offset)
        do {
            let bound = try filter.bind(to: queryables)
            let relations = try GEOSRelations()
            var result: [Bool?] = []
            result.reserveCapacity(offers.count)
            for row in 0..<offers.count {
                result.append(
                    try bound.truth(
                        of: OfferValues(offers: offers, positions: positions, row: row), relations: relations))
            }
            return result
        } catch let error as CQL2.FilterError {
            throw .invalidExpression(parameter: OfferFilter.expressionName, message: error.description)
        } catch {
            throw .invalidExpression(
                parameter: OfferFilter.expressionName, message: "a geometry of the filter cannot be used: \(error)")
        }
    }

    /// Two conditions are equal if they say the same in the same words.
    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.text == rhs.text }

    /// Hashes the words.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// One offer as a condition sees it.
private struct OfferValues: PropertyValues {
    let offers: Table
    /// For each queryable but the last the position of its column.
    let positions: [Int]
    let row: Int

    func value(of queryable: Int) -> Value {
        guard queryable < positions.count else {
            return offers.point(row).map { .geometry(.point($0)) } ?? .null
        }
        let position = positions[queryable]
        guard case .date(let dates) = offers.columns[position] else { return Value(offers.columns[position][row]) }
        guard let date = ReducedDate(packed: dates[row]) else { return .null }
        let packed = Int(offers.schema.fields[position].name == "valid_to" ? date.lastDay : date.firstDay)
        let day = CalendarDate(year: packed / 10_000, month: packed / 100 % 100, day: packed % 100)
        return day.map(Value.date) ?? .null
    }

    func bounds(of queryable: Int) -> BoundingBox<Geographic>? {
        guard queryable == positions.count, let point = offers.point(row) else { return nil }
        return BoundingBox(minX: point.x, minY: point.y, maxX: point.x, maxY: point.y)
    }
}

extension Value {
    fileprivate init(_ value: FieldValue) {
        switch value {
        case .null: self = .null
        case .text(let text): self = .string(text)
        case .list(let list): self = .list(list.map(Value.string))
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        }
    }
}

extension FieldType {
    fileprivate var queryable: QueryableType {
        switch self {
        case .text, .code: .string
        case .codeList: .list
        case .integer, .real: .number
        case .date: .date
        }
    }
}
