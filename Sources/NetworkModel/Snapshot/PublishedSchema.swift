/// The fields that a snapshot adds to the stored ones, so that every answer (GeoJSON, tiles, filters, exports) is
/// made from columns alone.
extension RecordSchema {
    /// The stored fields and those that are resolved when a snapshot is built.
    public var published: RecordSchema {
        let added: [Field] =
            switch kind {
            case .offers:
                [
                    Field("actor_name", .code, de: "Anbieter", en: "Provider"),
                    Field("sector", .code, vocabulary: "sector", de: "Sektor des Anbieters", en: "Provider's sector"),
                ] + Self.areaNames + [
                    Field("status", .code, de: "Stand der Gültigkeit", en: "Status of validity")
                ] + Self.citation
            case .actors:
                Self.areaNames + [
                    Field("offers", .integer, unit: "1", de: "Angebote", en: "Offers")
                ] + Self.citation
            case .districts:
                Self.figures + [
                    Field("municipalities", .integer, unit: "1", de: "Gemeinden", en: "Municipalities")
                ]
            case .municipalities:
                [Field("district_name", .code, de: "Kreis", en: "District")] + Self.figures
            case .indicators, .glossary: Self.citation
            default: []
            }
        return RecordSchema(kind, geometry: geometry, identity: identity, fields + added)
    }

    private static let areaNames = [
        Field("district_name", .code, de: "Kreis", en: "District"),
        Field("municipality_name", .code, de: "Gemeinde", en: "Municipality"),
    ]

    private static let citation = [
        Field("source_title", .code, de: "Titel der Quelle", en: "Title of the source"),
        Field("source_publisher", .code, de: "Herausgeber der Quelle", en: "Publisher of the source"),
        Field("source_year", .integer, de: "Jahr der Quelle", en: "Year of the source"),
    ]

    private static let figures = [
        Field("people", .integer, unit: "{people}", de: "Einwohner (Zensuszellen)", en: "Inhabitants (census cells)"),
        Field("actors", .integer, unit: "1", de: "Akteure", en: "Actors"),
        Field("offers", .integer, unit: "1", de: "Angebote", en: "Offers"),
        Field(
            "data_status", .code, de: "Datenlage (data, no_data)", en: "State of the data (data, no_data)"),
    ]
}
