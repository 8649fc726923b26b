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
        /// The rows of another GeoPackage's table, which has the collection's identifier.
        case layer
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
    /// The format of its geometries in JSON Schema as OGC API Features part 5 spells it; nil where it has none.
    let geometryFormat: String?
    /// The name of the queryable that is the geometry.
    var geometryName = ConditionRows.geometryName
    /// How many features there are where nothing is selected; nil where only an analysis can tell.
    let count: Int?
    /// The box around its geometries, or nil where it has none.
    let extent: BoundingBox<Geographic>?
    /// From when to when its features are, where they state that.
    let span: TemporalSpan?
    /// The version of its content, where that is not the project's.
    var version: String?

    /// The parameters of its items.
    var parameters: [QueryParameter] {
        [.limit, .cursor, .offset, .bbox, .boxCRS, .datetime] + filters + Self.generalParameters
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
        case .records, .layer: [.crs, .format, .language]
        case .analysis: filters + [.crs, .format, .language]
        }
    }

    /// The question that its features answer, where they are an analysis's.
    var question: AnalyticalQuestion? {
        if case .analysis(let question) = source { question } else { nil }
    }

    /// Whether its features are the rows of another GeoPackage.
    var isLayer: Bool { source == .layer }

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
        geometryFormat = geometry.format
        self.count = count
        self.extent = extent
        span = nil
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
        equalities = Self.selectable(table.fields, beside: filters)
        geometryFormat = kind.schema.geometry.format
        count = table.count
        extent = table.extent
        span = kind == .offers ? TemporalSpan(offers: snapshot.offers) : nil
    }

    /// The fields whose names are not taken by other parameters.
    private static func selectable(_ fields: [Field], beside filters: [QueryParameter]) -> [Field] {
        let own: [QueryParameter] = [.limit, .cursor, .offset, .bbox, .boxCRS, .datetime]
        let taken = Set((own + filters + generalParameters).map(\.name))
        return fields.filter { !taken.contains($0.name) }
    }

    /// Takes a layer of another file.
    init(_ served: ServedLayer) {
        let layer = served.layer
        id = served.id
        source = .layer
        title = Localized(de: layer.title, en: layer.title)
        description = layer.servedDescription
        filters = []
        equalities = Self.selectable(layer.fields, beside: [])
        geometryFormat = layer.geometryName == nil ? nil : "geometry-\(layer.geometryFormatName)"
        geometryName = layer.geometryName ?? ConditionRows.geometryName
        count = layer.count
        extent = served.table.extent
        span = served.time.map { $0.span(of: served.table) }
        version = layer.version.description
    }
}

extension GeometryKind {
    /// The format in JSON Schema as OGC API Features part 5 spells it; nil where there is none.
    fileprivate var format: String? {
        switch self {
        case .none: nil
        case .point: "geometry-point"
        case .multiPolygon: "geometry-multipolygon"
        }
    }
}
