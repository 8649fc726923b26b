import Geometry
import NetworkModel

/// A collection of features: what routes, documents, pages and the OpenAPI document are made from.
struct FeatureCollection: Sendable {
    /// What its features are.
    enum Source: Sendable, Hashable {
        /// The records of a kind.
        case records(RecordKind)
        /// The rows that an analysis answers; its parameters choose the offers, those of the collection the rows.
        case analysis(AnalyticalQuestion)
    }

    /// The identifier in paths.
    let id: String
    /// Where its features come from.
    let source: Source
    /// The name.
    let title: Localized
    /// What it holds.
    let description: Localized
    /// The parameters that select by the collection's own fields, beside bbox and datetime.
    let filters: [QueryParameter]
    /// The fields of records that select by equality, each as a parameter of its own name; those of analyses depend on
    /// what is asked.
    let equalities: [Field]
    /// The kind of its geometries.
    let geometry: GeometryKind
    /// How many features there are where nothing is selected; nil where only an analysis can tell.
    let count: Int?
    /// The box around its geometries, or nil where it has none.
    let extent: BoundingBox<Geographic>?
    /// The first and last stated day of validity, where the collection has such.
    let interval: (from: ReducedDate?, to: ReducedDate?)?

    /// The parameters of its items.
    var parameters: [QueryParameter] {
        [.limit, .cursor, .bbox, .boxCRS, .datetime] + filters + Self.generalParameters
            + equalities.map(QueryParameter.init)
    }

    /// The parameters that every collection takes, beside those of its own.
    private static let generalParameters: [QueryParameter] =
        conditionParameters + [.order, .properties, .crs, .format, .language]

    /// The parameters of the condition in CQL2, which every collection takes.
    private static let conditionParameters: [QueryParameter] = [.condition, .conditionEncoding, .conditionCRS]

    /// The parameters of one of its features: those that the figures of an analysis depend on.
    var itemParameters: [QueryParameter] {
        switch source {
        case .records: [.crs, .format, .language]
        case .analysis: filters + [.crs, .format, .language]
        }
    }

    /// The question that its features answer, where they are an analysis's.
    var question: AnalyticalQuestion? {
        if case .analysis(let question) = source { question } else { nil }
    }

    /// The kind of its records, where they are some.
    var kind: RecordKind? {
        if case .records(let kind) = source { kind } else { nil }
    }

    /// The collections of a snapshot.
    static func all(in snapshot: Snapshot) -> [FeatureCollection] { records(in: snapshot) + analyses(in: snapshot) }

    private static func analyses(in snapshot: Snapshot) -> [FeatureCollection] {
        [
            FeatureCollection(
                .coverage, geometry: .multiPolygon, count: snapshot.districts.count,
                extent: FeatureTable(.districts, in: snapshot).extent,
                description: Localized(
                    de: "Entfernungen zum nächsten Angebot und Zahl der Angebote je Gebiet, unter jeder Auswahl",
                    en: "Distances to the nearest offer and numbers of offers by area, under any selection")),
            FeatureCollection(
                .gaps, geometry: .multiPolygon, count: nil, extent: FeatureTable(.districts, in: snapshot).extent,
                description: Localized(
                    de: "Flächen, die kein Umkreis um ein Angebot erreicht, mit ihren Einwohnern, unter jeder Auswahl",
                    en: "Surfaces that no radius around an offer reaches, with their people, under any selection")),
            FeatureCollection(
                .access, geometry: .point, count: nil,
                extent: FeatureTable(.populationCells, in: snapshot).extent,
                description: Localized(
                    de: "Bewohnte Zellen mit dem nächsten Angebot unter jeder Auswahl",
                    en: "Inhabited cells with their nearest offer under any selection")),
        ]
    }

    private init(
        _ question: AnalyticalQuestion, geometry: GeometryKind, count: Int?, extent: BoundingBox<Geographic>?,
        description: Localized
    ) {
        id = question.rawValue
        source = .analysis(question)
        title = question.definition.title
        self.description = description
        filters = question.collectionParameters
        equalities = []
        self.geometry = geometry
        self.count = count
        self.extent = extent
        interval = nil
    }

    private static func records(in snapshot: Snapshot) -> [FeatureCollection] {
        [
            FeatureCollection(
                .districts, in: snapshot, title: Localized(de: "Kreise", en: "Districts"),
                description: Localized(
                    de: "Landkreise und kreisfreie Städte mit Einwohnern, Fläche, Zahl der Akteure und Angebote",
                    en: "Counties and county-level cities with people, area, number of actors and offers"),
                filters: [.text]),
            FeatureCollection(
                .municipalities, in: snapshot, title: Localized(de: "Gemeinden", en: "Municipalities"),
                description: Localized(
                    de: "Städte und Gemeinden mit Einwohnern, Fläche, Zahl der Akteure und Angebote",
                    en: "Towns and municipalities with people, area, number of actors and offers"),
                filters: [.text, .locatedIn]),
            FeatureCollection(
                .populationCells, in: snapshot, title: Localized(de: "Bevölkerung", en: "Population"),
                description: Localized(
                    de: "Bewohnte Zellen des 1-km-Zensusgitters; der Punkt ist die Mitte der Zelle",
                    en: "Inhabited cells of the 1-km census grid; the point is the centre of the cell"),
                filters: [.locatedIn]),
            FeatureCollection(
                .actors, in: snapshot, title: Localized(de: "Akteure", en: "Actors"),
                description: Localized(
                    de: "Organisationen und Stellen des Netzwerks, mit Quelle und Jahr der Angabe",
                    en: "Organisations and bodies of the network, with source and year of the statement"),
                filters: [.sector, .kind, .text, .locatedIn]),
            FeatureCollection(
                .offers, in: snapshot, title: Localized(de: "Angebote", en: "Offers"),
                description: Localized(
                    de: "Angebote der Akteure, auch vergangene: Quelle, Jahr und Stand der Gültigkeit stehen dabei",
                    en: "Offers of the actors, past ones too: source, year and status of validity stand with each"),
                filters: QueryParameter.offerFilter),
            FeatureCollection(
                .links, in: snapshot, title: Localized(de: "Verbindungen", en: "Links"),
                description: Localized(
                    de: "Beziehungen zwischen Akteuren oder zwischen Akteur und Angebot, ohne Geometrie",
                    en: "Relations between actors, or between an actor and an offer, without geometry"),
                filters: []),
        ]
    }

    private init(
        _ kind: RecordKind, in snapshot: Snapshot, title: Localized, description: Localized, filters: [QueryParameter]
    ) {
        id = kind.inputName
        source = .records(kind)
        self.title = title
        self.description = description
        self.filters = filters
        let table = FeatureTable(kind, in: snapshot)
        let taken = Set(
            ([.limit, .cursor, .bbox, .boxCRS, .datetime] + filters + Self.generalParameters).map(\.name))
        equalities = table.fields.filter { !taken.contains($0.name) }
        geometry = kind.schema.geometry
        count = table.count
        extent = table.extent
        interval =
            kind == .offers
            ? (
                Self.dates(snapshot.offers, "valid_from").min(),
                Self.dates(snapshot.offers, "valid_to").max { $0.lastDay < $1.lastDay }
            )
            : nil
    }

    private static func dates(_ table: Table, _ field: String) -> [ReducedDate] {
        table.date(field).compactMap { ReducedDate(packed: $0) }
    }
}
