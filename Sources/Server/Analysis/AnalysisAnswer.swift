import Analysis
import Geometry
import NetworkModel

/// What an analysis answers: figures as rows, and what they mean, rest on and leave open.
///
/// One shape for every analysis and every form (JSON, CSV, GeoJSON, HTML, plain text). Safe to use from any thread.
struct AnalysisAnswer: Sendable {
    /// What was computed.
    let definition: Definition
    /// What the figures rest on.
    let account: AnswerAccount
    /// Totals and the like, which belong to no row.
    let totals: [(String, JSON)]
    /// What the rows are, as the member of the JSON form that holds them is called.
    let member: String
    /// The figures.
    let table: FeatureTable
    /// The fields that the plain table shows; it has no room for all.
    let plainFields: [String]
    /// The rows that the plain table shows; nil for all of them.
    let plainRows: [Int]?

    /// Takes columns of equal length, the identifiers first.
    init(
        _ definition: Definition, _ account: AnswerAccount, totals: [(String, JSON)] = [], rows member: String,
        columns: [AnswerColumn], geometry: GeometryColumn = .none, plainFields: [String],
        plainRows: [Int]? = nil
    ) {
        self.definition = definition
        self.account = account
        self.totals = totals
        self.member = member
        self.plainFields = plainFields
        self.plainRows = plainRows
        table = FeatureTable(fields: columns.map(\.field), columns: columns.map(\.column), geometry: geometry)
    }

    /// All members but the rows and the links.
    var head: [(String, JSON)] {
        [("definition", definition.json)] + account.members + totals
    }

    /// What it takes in a cache, in bytes, roughly.
    var cost: Int {
        var result = 4096 + table.count * table.columns.count * 12
        if case .surfaces(let surfaces) = table.geometry {
            // Counted in full, though outlines of districts and municipalities are those of the snapshot.
            result += surfaces.reduce(0) { $0 + $1.vertexCount * 16 }
        }
        return result
    }
}

/// What figures rest on: question, data, completeness, sources (DOMAIN 6).
struct AnswerAccount: Sendable {
    /// The parameters, defaults filled in.
    let parameters: JSON
    /// The hash of the published content.
    let dataVersion: String
    /// What people are counted by; null where nobody is counted.
    let base: String?
    /// What rates per 10,000 inhabitants are counted by; null where there are none.
    let rateBase: String?
    /// The days that the data describe: of the register, of the boundaries, and of each document by its id.
    let dataDates: [(name: String, dates: [String])]
    /// The day that the offers were asked for, or nil.
    let date: String?
    /// How much of what was asked for the data can answer.
    let completeness: Completeness
    /// The attribution of boundaries and population.
    let attribution: String
    /// The documents that the selected offers cite, then those of boundaries, cells and register.
    let sources: [JSON]

    /// The members of an answer, in their order.
    var members: [(String, JSON)] {
        [
            ("parameters", parameters), ("data_version", .string(dataVersion)),
            ("base", base.map(JSON.string) ?? .null), ("rate_base", rateBase.map(JSON.string) ?? .null),
            ("data_dates", .object(dataDates.map { ($0.name, .array($0.dates.map(JSON.string))) })),
            ("date", date.map(JSON.string) ?? .null),
            ("completeness", completeness.json),
            ("not_stated", .object(completeness.fields.map { ($0.field, .integer($0.notStated)) })),
            ("data_insufficient", .bool(completeness.isInsufficient)),
            ("attribution", .string(attribution)), ("sources", .array(sources)),
        ]
    }
}

extension Completeness {
    /// As it stands in answers.
    fileprivate var json: JSON {
        [
            "offers_matched": .integer(matched), "offers_usable": .integer(usable),
            "offers_without_usable_place": .integer(withoutUsablePlace),
            "without_usable_place": .object(obstacles.map { ($0.obstacle.rawValue, .integer($0.count)) }),
            "usable_without_delivery": .integer(withoutDelivery),
            "usable_placed_by_municipality": .integer(placedByMunicipality),
            "share_placed_by_municipality": shareByMunicipality.value.map(JSON.real) ?? .null,
            "offers_without_service_area": .integer(withoutServiceArea),
            "statuses": .object(statuses.map { ($0.status, .integer($0.count)) }),
            "fields": .array(
                fields.map {
                    [
                        "field": .string($0.field), "not_stated": .integer($0.notStated),
                        "passing_others": .integer($0.passingOthers), "data_insufficient": .bool($0.isInsufficient),
                    ]
                }),
        ]
    }
}
