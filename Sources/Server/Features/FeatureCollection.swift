import Geometry
import NetworkModel

/// A collection of features: what routes, documents, pages and the OpenAPI document are made from.
struct FeatureCollection: Sendable {
    /// The identifier in paths.
    let id: String
    /// The records behind it.
    let kind: RecordKind
    /// The name.
    let title: Localized
    /// What it holds.
    let description: Localized
    /// The parameters that select by the collection's own fields, beside bbox and datetime.
    let filters: [QueryParameter]
    /// The box around its geometries, or nil where it has none.
    let extent: BoundingBox<Geographic>?
    /// The first and last stated day of validity, where the collection has such.
    let interval: (from: ReducedDate?, to: ReducedDate?)?

    /// The parameters of its items.
    var parameters: [QueryParameter] {
        [.limit, .cursor, .bbox, .datetime] + filters + [.format, .language]
    }

    /// The fields of its features. What says how a record may be shown is not part of it.
    static func fields(_ schema: RecordSchema) -> [Field] { schema.fields.filter { $0.name != "publish" } }

    /// The collections of a snapshot.
    static func all(in snapshot: Snapshot) -> [FeatureCollection] {
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
        self.kind = kind
        self.title = title
        self.description = description
        self.filters = filters
        let table = snapshot[kind]
        extent = Self.extent(of: table)
        interval =
            kind == .offers
            ? (Self.dates(table, "valid_from").min(), Self.dates(table, "valid_to").max { $0.lastDay < $1.lastDay })
            : nil
    }

    private static func extent(of table: Table) -> BoundingBox<Geographic>? {
        var box = BoundingBox<Geographic>.empty
        switch table.geometry {
        case .none: break
        case .points:
            for row in 0..<table.count { if let point = table.point(row) { box.formUnion(point) } }
        case .surfaces(let surfaces):
            for surface in surfaces { box.formUnion(surface.boundingBox) }
        }
        return box.isEmpty ? nil : box
    }

    private static func dates(_ table: Table, _ field: String) -> [ReducedDate] {
        table.date(field).compactMap { ReducedDate(packed: $0) }
    }
}
