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
    /// What no offer reaches.
    case gaps
    /// The nearest offers of a point.
    case nearest
    /// Where further offers would help most.
    case siting

    /// The parameters that the question takes.
    var parameters: [QueryParameter] {
        switch self {
        case .coverage: collectionParameters + [.curve, .series]
        case .access, .gaps: collectionParameters
        case .nearest: QueryParameter.offerFilter + [.longitude, .latitude, .neighbours]
        case .siting:
            QueryParameter.offerFilter + [.area, .radius, .stops, .method, .weights, .candidates]
        }
    }

    /// The parameters that the question takes as a collection, whose features are always the same things.
    var collectionParameters: [QueryParameter] {
        switch self {
        case .coverage:
            QueryParameter.offerFilter + [.level, .area, .radius, .outreach, .catchment, .bands, .supply]
        case .access: QueryParameter.offerFilter + [.area, .catchment, .bands, .supply]
        case .gaps: QueryParameter.offerFilter + [.level, .area, .radius]
        case .nearest, .siting: []
        }
    }

    /// Whether it is asked at a path of its own; the others are collections alone, since their rows are many.
    var isRoute: Bool { collectionParameters.isEmpty || self == .coverage }

    /// Whether it says where somebody is.
    var isPersonal: Bool { self == .nearest }

    /// What is computed.
    var definition: Definition {
        switch self {
        case .coverage: .coverage
        case .access: .access
        case .gaps: .gaps
        case .nearest: .nearest
        case .siting: .siting
        }
    }
}

/// A question to an analysis, read and checked: the same for routes, collections and commands, so that all of them
/// refuse the same mistakes in the same words.
///
/// `filter` chooses the offers (DOMAIN 6.3), `areas` the demand, the others are the analysis's own. Parameters that a
/// question does not take have their defaults.
struct AnalyticalQuery: Sendable {
    /// What the rows of the figures of areas are.
    enum View: Sendable, Hashable {
        /// An area each.
        case figures
        /// An area and a radius each.
        case curve
        /// A day and an area each.
        case series
    }

    let question: AnalyticalQuestion
    /// Which offers are meant.
    let filter: OfferFilter
    /// How areas are grouped.
    let level: AreaLevel
    /// The keys of the areas whose people are meant, in their byte order; empty means all.
    let areas: [String]
    /// The radius within which people count as covered.
    let radius: Metres
    /// What the figures hold beside the distances to the nearest offer.
    let options: CoverageAnalysis.Options
    /// What the rows are.
    let view: View
    /// The place that is asked about; only `nearest` has one.
    let position: Coordinate<Geographic>?
    /// How many neighbours are wanted.
    let neighbours: Int
    /// How many further offers, by which method.
    let siting: SitingParameters
    /// The places for further offers; nil for the municipalities.
    let candidates: [Coordinate<Geographic>]?
    /// The parameters that were given, in one fixed order and spelling: what links repeat and caches are keyed by.
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
        var reader = ParameterReader(query: query, items: filter.parameters)
        level = try reader.choice("level", AreaLevel.allCases, default: .district)
        areas = reader.list("area")
        radius = Metres(
            try reader.number(
                "radius", in: CoverageFigures.allowedRadii, default: CoverageFigures.defaultRadius.value,
                meaning: "metres"))
        var options = CoverageAnalysis.Options()
        options.includesOutreach = try reader.inclusion("outreach")
        options.bands = try reader.bands()
        options.supply = try reader.choice("supply", FloatingCatchment.Supply.allCases, default: .one)
        self.options = options
        let (wantsCurve, wantsSeries) = (try reader.inclusion("curve"), try reader.inclusion("series"))
        guard !wantsCurve || !wantsSeries else { throw ParameterReader.conflict("series", "curve") }
        view = wantsCurve ? .curve : wantsSeries ? .series : .figures
        switch view {
        case .figures: break
        case .curve: try reader.refuse(["radius", "outreach", "catchment", "bands", "supply"], with: "curve")
        case .series: try reader.refuse(["outreach", "catchment", "bands", "supply"], with: "series")
        }
        if question == .nearest {
            let longitude = try reader.required("lon", in: -180...180, meaning: "degrees of longitude")
            let latitude = try reader.required("lat", in: -90...90, meaning: "degrees of latitude")
            position = Coordinate(longitude: longitude, latitude: latitude)
        } else {
            position = nil
        }
        neighbours = try reader.count("k", in: NearestOffers.allowedCounts, default: Self.defaultNeighbours)
        siting = try reader.siting(radius: radius)
        // Only those beyond the radius can be gained for it, whoever counts.
        if question == .siting, siting.method == .maximalCovering {
            try reader.refuse(["weights"], with: "method=mclp")
        }
        candidates = try reader.candidates()
        items = reader.items
    }

    /// What is computed.
    var definition: Definition {
        switch view {
        case .figures: question.definition
        case .curve: .coverageCurve
        case .series: .coverageSeries
        }
    }

    /// The parameters as answers show them: what was asked, and the defaults of what was not.
    var described: JSON {
        var result: [(String, JSON)] = filter.parameters.map { ($0.name, .string($0.value)) }
        for name in question.parameters.map(\.name) {
            switch name {
            case "level": result.append((name, .string(level.rawValue)))
            case "area": result.append((name, .array(areas.map(JSON.string))))
            case "radius" where view != .curve: result.append((name, .metres(radius)))
            case "outreach" where view == .figures:
                result.append((name, options.includesOutreach ? "include" : "exclude"))
            case "bands" where view == .figures:
                result.append(("catchment_method", .string(options.bands.method.rawValue)))
                result.append(("catchment", .metres(options.bands.catchment)))
                result.append(
                    (
                        name,
                        .array(
                            options.bands.bands.map { ["radius": .metres($0.radius), "weight": .real($0.weight)] })
                    ))
            case "supply" where view == .figures: result.append((name, .string(options.supply.rawValue)))
            case "lon": result.append((name, position.map { .real($0.longitude) } ?? .null))
            case "lat": result.append((name, position.map { .real($0.latitude) } ?? .null))
            case "k": result.append((name, .integer(neighbours)))
            case "stops": result.append((name, .integer(siting.stops)))
            case "method": result.append((name, .string(siting.method.rawValue)))
            case "weights": result.append((name, .string(siting.weights.rawValue)))
            case "candidates":
                result.append(
                    (
                        name,
                        candidates.map { .array($0.map { [.real($0.longitude), .real($0.latitude)] }) }
                            ?? "municipalities"
                    ))
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
        items.append((name, Self.spelled(value)))
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

    /// Whether something is included that is left out where nothing is stated.
    mutating func inclusion(_ name: String) throws(Problem) -> Bool {
        try choice(name, Inclusion.allCases, default: .exclude) == .include
    }

    private enum Inclusion: String, CaseIterable {
        case include
        case exclude
    }

    /// The bands of floating catchments: by their greatest distance alone, or one by one.
    mutating func bands() throws(Problem) -> CatchmentBands {
        let catchment = try number(
            "catchment", in: CatchmentBands.allowedCatchments, default: CatchmentBands.defaultCatchment.value,
            meaning: "metres")
        var bands = [CatchmentBands.Band(radius: Metres(catchment), weight: 1)]
        if let text = query["bands"] {
            guard query["catchment"] == nil else { throw Self.conflict("bands", "catchment") }
            bands = try self.bands(text)
        }
        do throws(AnalysisError) {
            return try CatchmentBands(bands)
        } catch {
            throw Problem(.badRequest, "parameter 'bands': \(error.description)", parameter: "bands")
        }
    }

    private mutating func bands(_ text: String) throws(Problem) -> [CatchmentBands.Band] {
        var bands: [CatchmentBands.Band] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: ":", omittingEmptySubsequences: false).map { Self.decimal($0.trimmed) }
            guard numbers.count == 2, let radius = numbers[0], let weight = numbers[1] else {
                throw refusal("bands", text, "distances with weights such as 5000:1,10000:0.68,15000:0.22")
            }
            bands.append(CatchmentBands.Band(radius: Metres(radius + 0), weight: weight))
        }
        items.append(
            (
                "bands",
                bands.map { "\(Self.spelled($0.radius.value)):\(Self.spelled($0.weight))" }.joined(separator: ",")
            ))
        return bands
    }

    /// How many further offers are wanted, by which method.
    mutating func siting(radius: Metres) throws(Problem) -> SitingParameters {
        let stops = try count("stops", in: SitingParameters.allowedStops, default: 1)
        let method = try choice("method", SitingParameters.Method.allCases, default: .maximalCovering)
        let weights = try choice("weights", SitingParameters.Weights.allCases, default: .people)
        do throws(AnalysisError) {
            return try SitingParameters(method, stops: stops, radius: radius, weights: weights)
        } catch {
            throw Problem(.badRequest, error.description, parameter: error.parameter)
        }
    }

    /// Places as longitude and latitude; nil for the municipalities.
    mutating func candidates() throws(Problem) -> [Coordinate<Geographic>]? {
        guard let text = query["candidates"], text != "municipalities" else { return nil }
        var places: [Coordinate<Geographic>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: ":", omittingEmptySubsequences: false).map { Self.decimal($0.trimmed) }
            guard numbers.count == 2, let longitude = numbers[0], let latitude = numbers[1], abs(longitude) <= 180,
                abs(latitude) <= 90
            else {
                throw refusal(
                    "candidates", text,
                    "'municipalities' or places as longitude:latitude in degrees, such as 11.63:52.13,11.97:51.48")
            }
            places.append(Coordinate(longitude: longitude + 0, latitude: latitude + 0))
        }
        let spelled = places.map { "\(Self.spelled($0.longitude)):\(Self.spelled($0.latitude))" }
        items.append(("candidates", spelled.joined(separator: ",")))
        return places
    }

    /// Refuses parameters that another one leaves without meaning: nothing that was asked is passed over in silence.
    func refuse(_ names: [String], with other: String) throws(Problem) {
        guard let name = names.first(where: { query[$0] != nil }) else { return }
        throw Problem(
            .badRequest, "parameter '\(name)' has no meaning together with '\(other)'", parameter: name)
    }

    /// A refusal of two parameters that exclude each other.
    static func conflict(_ name: String, _ other: String) -> Problem {
        Problem(.badRequest, "parameter '\(name)' cannot be given together with '\(other)'", parameter: name)
    }

    /// A finite number in decimal digits; nil for any other text.
    private static func decimal(_ text: some StringProtocol) -> Double? {
        guard text.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }), let value = Double(text), value.isFinite
        else { return nil }
        return value
    }

    private static func spelled(_ value: Double) -> String {
        Int(exactly: value).map(\.description) ?? value.description
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
        guard let value = Self.decimal(text), range.contains(value) else {
            throw refusal(name, text, Self.words(range, meaning))
        }
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
    static let outreach = QueryParameter(
        "outreach", de: "include: dazu die Angaben mit aufsuchenden Angeboten, deren Einzugsgebiet sie erreichen",
        en: "include: also the figures with outreach offers, which reach their service areas",
        schema: inclusion)
    static let catchment = QueryParameter(
        "catchment", de: "Größte Entfernung der Einzugsbereiche (2SFCA) in Metern",
        en: "Greatest distance of the floating catchments (2SFCA) in metres",
        schema: [
            "type": "number", "minimum": 0, "maximum": .integer(Int(CatchmentBands.allowedCatchments.upperBound)),
            "default": .integer(Int(CatchmentBands.defaultCatchment.value)),
        ])
    static let bands = QueryParameter(
        "bands", de: "Stufen der Einzugsbereiche (E2SFCA): Entfernung in Metern und Gewicht, statt catchment",
        en: "Bands of the floating catchments (E2SFCA): distance in metres and weight, instead of catchment",
        schema: [
            "type": "array", "minItems": .integer(CatchmentBands.allowedCounts.lowerBound),
            "maxItems": .integer(CatchmentBands.allowedCounts.upperBound),
            "items": ["type": "string", "pattern": "^[0-9.]+:[0-9.]+$"],
            "example": ["5000:1", "10000:0.68", "15000:0.22"],
        ], isList: true)
    static let supply = QueryParameter(
        "supply", de: "Was ein Angebot seinem Einzugsbereich gibt: eins oder seine Plätze",
        en: "What an offer supplies to its catchment: one, or the places that it states",
        schema: [
            "type": "string", "enum": .array(FloatingCatchment.Supply.allCases.map { .string($0.rawValue) }),
            "default": "one",
        ])
    static let curve = QueryParameter(
        "curve", de: "include: statt der Angaben die Versorgungskurve, je Gebiet und Radius eine Zeile",
        en: "include: instead of the figures the coverage curve, a row for each area and radius", schema: inclusion)
    static let series = QueryParameter(
        "series", de: "include: die Angaben an jedem Tag, an dem Angebote beginnen oder geendet haben",
        en: "include: the figures on each day on which offers begin or have ended", schema: inclusion)
    static let stops = QueryParameter(
        "stops", de: "Zahl der weiteren Angebote", en: "Number of further offers",
        schema: [
            "type": "integer", "minimum": .integer(SitingParameters.allowedStops.lowerBound),
            "maximum": .integer(SitingParameters.allowedStops.upperBound), "default": 1,
        ])
    static let method = QueryParameter(
        "method", de: "mclp: möglichst viele Einwohner im Umkreis; p-median: möglichst kurze Wege",
        en: "mclp: as many people within the radius as possible; p-median: as short ways as possible",
        schema: [
            "type": "string", "enum": .array(SitingParameters.Method.allCases.map { .string($0.rawValue) }),
            "default": .string(SitingParameters.Method.maximalCovering.rawValue),
        ])
    static let weights = QueryParameter(
        "weights", de: "Wessen Wege bei p-median zählen: alle Einwohner oder nur die jenseits des Radius",
        en: "Whose ways count for p-median: all people or only those beyond the radius",
        schema: [
            "type": "string", "enum": .array(SitingParameters.Weights.allCases.map { .string($0.rawValue) }),
            "default": .string(SitingParameters.Weights.people.rawValue),
        ])
    static let candidates = QueryParameter(
        "candidates", de: "Mögliche Orte: municipalities (die Gemeinden von area) oder Länge:Breite in Grad",
        en: "Possible places: municipalities (those of area) or longitude:latitude in degrees",
        schema: [
            "type": "array", "items": ["type": "string"], "maxItems": 500,
            "example": ["11.63:52.13", "11.97:51.48"],
        ], isList: true)
    private static let inclusion: JSON = ["type": "string", "enum": ["include", "exclude"], "default": "exclude"]
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
