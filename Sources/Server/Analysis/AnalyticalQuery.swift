import Analysis
import Geometry
import HTTPTypes
import NetworkModel

/// What an analysis can be asked.
enum AnalyticalQuestion: String, Sendable, Hashable, CaseIterable {
    /// The figures of areas.
    case coverage
    /// The nearest offer of each cell.
    case access
    /// The nearest offers of a point.
    case nearest

    /// The parameters that the question takes.
    var parameters: [QueryParameter] {
        switch self {
        case .coverage: QueryParameter.offerFilter + [.level, .area, .radius]
        case .access: QueryParameter.offerFilter + [.area]
        case .nearest: QueryParameter.offerFilter + [.longitude, .latitude, .neighbours]
        }
    }

    /// Whether it is asked at a path of its own; `access` is a collection alone, since its rows are many.
    var isRoute: Bool { self != .access }

    /// Whether it says where somebody is.
    var isPersonal: Bool { self == .nearest }

    /// What is computed.
    var definition: Definition {
        switch self {
        case .coverage: .coverage
        case .access: .access
        case .nearest: .nearest
        }
    }
}

/// A question to an analysis, read and checked: the same for routes, collections and commands, so that all of them
/// refuse the same mistakes in the same words.
///
/// `filter` chooses the offers (DOMAIN 6.3), `areas` the demand, the others are the analysis's own.
struct AnalyticalQuery: Sendable {
    let question: AnalyticalQuestion
    /// Which offers are meant.
    let filter: OfferFilter
    /// How areas are grouped.
    let level: AreaLevel
    /// The keys of the areas whose people are meant, in their byte order; empty means all.
    let areas: [String]
    /// The radius within which people count as covered.
    let radius: Metres
    /// The place that is asked about; only `nearest` has one.
    let position: Coordinate<Geographic>?
    /// How many neighbours are wanted.
    let neighbours: Int
    /// The parameters that were given, in one fixed order: what links repeat and caches are keyed by.
    let items: [QueryParameters.Item]

    /// The number of neighbours where none is asked for.
    static let defaultNeighbours = 5

    /// Reads the parameters of a question; the caller has taken out those that are its own and refused unknown ones.
    ///
    /// - Throws: a problem of status 400 naming the parameter.
    init(_ question: AnalyticalQuestion, _ query: QueryParameters) throws(Problem) {
        self.question = question
        do throws(FilterError) {
            filter = try OfferFilter(parameters: query.picking(OfferFilter.parameterNames))
        } catch {
            throw Problem(error)
        }
        let names = question.parameters.map(\.name)
        var reader = ParameterReader(query: query, items: filter.parameters)
        level = try reader.choice("level", AreaLevel.allCases, default: .district)
        areas = reader.list("area")
        radius = Metres(
            try reader.number(
                "radius", in: CoverageFigures.allowedRadii, default: CoverageFigures.defaultRadius.value,
                meaning: "metres"))
        if names.contains("lon") {
            let longitude = try reader.required("lon", in: -180...180, meaning: "degrees of longitude")
            let latitude = try reader.required("lat", in: -90...90, meaning: "degrees of latitude")
            position = Coordinate(longitude: longitude, latitude: latitude)
        } else {
            position = nil
        }
        neighbours = try reader.count("k", in: NearestOffers.allowedCounts, default: Self.defaultNeighbours)
        items = reader.items
    }

    /// The parameters as answers show them: what was asked, and the defaults of what was not.
    var described: JSON {
        var result: [(String, JSON)] = filter.parameters.map { ($0.name, .string($0.value)) }
        for name in question.parameters.map(\.name) {
            switch name {
            case "level": result.append((name, .string(level.rawValue)))
            case "area": result.append((name, .array(areas.map(JSON.string))))
            case "radius": result.append((name, .metres(radius)))
            case "lon": result.append((name, position.map { .real($0.longitude) } ?? .null))
            case "lat": result.append((name, position.map { .real($0.latitude) } ?? .null))
            case "k": result.append((name, .integer(neighbours)))
            default: break
            }
        }
        return .object(result)
    }
}

/// Reads parameters one by one and keeps those that were given.
private struct ParameterReader {
    let query: QueryParameters
    var items: [QueryParameters.Item]

    /// Keeps a number in one spelling: `15000` and `15e3` are the same question.
    private mutating func keep(_ name: String, _ value: Double) -> Double {
        items.append((name, Int(exactly: value).map(\.description) ?? value.description))
        return value
    }

    private func refusal(_ name: String, _ value: String, _ expected: String) -> Problem {
        Problem(
            .badRequest, "parameter '\(name)' has the value '\(value.clipped)'; expected \(expected)", parameter: name)
    }

    mutating func choice<Choice: RawRepresentable<String>>(
        _ name: String, _ choices: [Choice], default preset: Choice
    ) throws(Problem) -> Choice {
        guard let text = query[name] else { return preset }
        guard let choice = Choice(rawValue: text) else {
            throw refusal(name, text, "one of \(choices.map(\.rawValue).joined(separator: ", "))")
        }
        items.append((name, text))
        return choice
    }

    /// A comma list, each value once, in byte order; empty where nothing is stated.
    mutating func list(_ name: String) -> [String] {
        guard let text = query[name] else { return [] }
        let values = Set(text.split(separator: ",").map { String($0.trimmed) }.filter { !$0.isEmpty }).sorted()
        if !values.isEmpty { items.append((name, values.joined(separator: ","))) }
        return values
    }

    mutating func number(
        _ name: String, in range: ClosedRange<Double>, default preset: Double, meaning: String
    ) throws(Problem) -> Double {
        guard let text = query[name] else { return preset }
        return keep(name, try number(name, text, in: range, meaning: meaning))
    }

    mutating func required(_ name: String, in range: ClosedRange<Double>, meaning: String) throws(Problem) -> Double {
        guard let text = query[name] else {
            throw Problem(
                .badRequest, "parameter '\(name)' is missing; expected \(Self.words(range, meaning))", parameter: name)
        }
        return keep(name, try number(name, text, in: range, meaning: meaning))
    }

    private func number(
        _ name: String, _ text: String, in range: ClosedRange<Double>, meaning: String
    ) throws(Problem) -> Double {
        // A comparison with NaN is false, so what is no number is in no range.
        guard text.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }), let value = Double(text),
            range.contains(value)
        else { throw refusal(name, text, Self.words(range, meaning)) }
        // -0.0 is 0.
        return value + 0
    }

    mutating func count(_ name: String, in range: ClosedRange<Int>, default preset: Int) throws(Problem) -> Int {
        guard let text = query[name] else { return preset }
        guard text.utf8.count <= 18, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text),
            range.contains(value)
        else {
            throw refusal(name, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        items.append((name, value.description))
        return value
    }

    private static func words(_ range: ClosedRange<Double>, _ meaning: String) -> String {
        let bound = { (value: Double) in Int(exactly: value).map(\.description) ?? value.description }
        return "\(meaning) from \(bound(range.lowerBound)) to \(bound(range.upperBound))"
    }
}

extension JSON {
    /// A length; whole metres without a fraction.
    static func metres(_ length: Metres) -> JSON {
        Int(exactly: length.value).map(JSON.integer) ?? .real(length.value)
    }
}

extension QueryParameter {
    static let level = QueryParameter(
        "level", de: "Gebiete, nach denen gruppiert wird", en: "Areas by which figures are grouped",
        schema: [
            "type": "string", "enum": .array(AreaLevel.allCases.map { .string($0.rawValue) }), "default": "district",
        ])
    static let area = codes(
        "area", de: "Wessen Einwohner gemeint sind: Schlüssel von Kreisen, Gemeinden oder eines Landes",
        en: "Whose people are meant: keys of districts, municipalities or a state")
    static let radius = QueryParameter(
        "radius", de: "Radius in Metern, bis zu dem Einwohner als versorgt gelten",
        en: "Radius in metres within which people count as covered",
        schema: [
            "type": "number", "minimum": 0, "maximum": .integer(Int(CoverageFigures.allowedRadii.upperBound)),
            "default": .integer(Int(CoverageFigures.defaultRadius.value)),
        ])
    static let longitude = QueryParameter(
        "lon", de: "Länge des Ortes in Grad (WGS 84)", en: "Longitude of the place in degrees (WGS 84)",
        schema: ["type": "number", "minimum": -180, "maximum": 180], isRequired: true)
    static let latitude = QueryParameter(
        "lat", de: "Breite des Ortes in Grad (WGS 84)", en: "Latitude of the place in degrees (WGS 84)",
        schema: ["type": "number", "minimum": -90, "maximum": 90], isRequired: true)
    static let neighbours = QueryParameter(
        "k", de: "Zahl der nächsten Angebote", en: "Number of nearest offers",
        schema: [
            "type": "integer", "minimum": .integer(NearestOffers.allowedCounts.lowerBound),
            "maximum": .integer(NearestOffers.allowedCounts.upperBound),
            "default": .integer(AnalyticalQuery.defaultNeighbours),
        ])
}
