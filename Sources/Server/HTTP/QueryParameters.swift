import HTTPTypes

/// The parameters of a request's query, decoded, in the order in which they stand.
struct QueryParameters: Sendable {
    typealias Item = (name: String, value: String)

    /// The parameters.
    private(set) var items: [Item] = []
    /// The query that they were read from, as it was written; empty where there was none.
    private(set) var text = ""

    /// The most parameters that a request may carry: a bound on work, far above what any client needs.
    private static let mostItems = 100

    /// No parameters.
    init() {}

    /// Parameters that stand in no query.
    init(_ items: [Item]) { self.items = items }

    /// Reads a raw query, the part behind `?`.
    ///
    /// - Throws: a problem of status 400 for escapes that are incomplete or no UTF-8, and for too many parameters.
    init(_ query: some StringProtocol) throws(Problem) {
        text = String(query)
        for part in query.split(separator: "&") {
            let name = part.prefix { $0 != "=" }
            let value = part.dropFirst(name.count + 1)
            guard let decodedName = PercentCoding.decode(name, plusIsSpace: true) else {
                throw Problem(.badRequest, "a parameter's name is not percent-encoded UTF-8")
            }
            guard let decodedValue = PercentCoding.decode(value, plusIsSpace: true) else {
                throw Problem(
                    .badRequest, "parameter '\(decodedName.clipped)' is not percent-encoded UTF-8",
                    parameter: decodedName.clipped)
            }
            items.append((decodedName, decodedValue))
            guard items.count <= Self.mostItems else {
                throw Problem(.badRequest, "a request may carry at most \(Self.mostItems) parameters")
            }
        }
    }

    /// Reads what can be read of a query: for pages, whose shared links collect what others append.
    init(lenient query: some StringProtocol) {
        for part in query.split(separator: "&").prefix(Self.mostItems) {
            let name = part.prefix { $0 != "=" }
            guard let decodedName = PercentCoding.decode(name, plusIsSpace: true),
                let value = PercentCoding.decode(part.dropFirst(name.count + 1), plusIsSpace: true)
            else { continue }
            items.append((decodedName, value))
        }
    }

    /// Refuses parameters that are unknown here or given more than once.
    func require(only known: [String]) throws(Problem) {
        var seen: Set<String> = []
        for (name, _) in items {
            guard known.contains(name) else {
                throw Problem(
                    .badRequest,
                    known.isEmpty
                        ? "unknown parameter '\(name.clipped)'; no parameter is known here"
                        : "unknown parameter '\(name.clipped)'; known here: \(known.joined(separator: ", "))",
                    parameter: name.clipped)
            }
            guard seen.insert(name).inserted else {
                throw Problem(
                    .badRequest,
                    "parameter '\(name)' is given more than once; several values of one field are a comma list",
                    parameter: name)
            }
        }
    }

    /// The value of the first parameter with a name.
    subscript(name: String) -> String? { items.first { $0.name == name }?.value }

    /// The parameters with some names, in their order.
    func picking(_ names: [String]) -> [Item] { items.filter { names.contains($0.name) } }

    /// Writes parameters as a query without `?`.
    static func encode(_ items: [Item]) -> String {
        items.map { "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))" }.joined(separator: "&")
    }
}

extension String {
    /// The text cut to what may stand in an error message.
    var clipped: String { count <= 80 ? self : "\(prefix(79))…" }
}
