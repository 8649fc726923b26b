/// The forms in which a whole collection is handed out.
enum ExportFormat: String, Sendable, Hashable, CaseIterable {
    /// A FeatureCollection (RFC 7946).
    case geojson
    /// A feature in each record (RFC 8142).
    case geojsonseq
    /// RFC 4180, UTF-8.
    case csv
    /// CSV as a German Excel opens it: byte order mark, semicolons, decimal commas.
    case csvExcel = "csv-excel"
    /// A GeoPackage with one table.
    case gpkg

    /// The media type.
    var mediaType: String {
        switch self {
        case .geojson: MediaTypes.geoJSON
        case .geojsonseq: "application/geo+json-seq"
        case .csv, .csvExcel: MediaTypes.csv
        case .gpkg: "application/geopackage+sqlite3"
        }
    }

    /// The ending of file names.
    var fileExtension: String {
        switch self {
        case .geojson: "geojson"
        case .geojsonseq: "geojsons"
        case .csv, .csvExcel: "csv"
        case .gpkg: "gpkg"
        }
    }

    /// What links to it are called.
    var title: Localized {
        switch self {
        case .geojson: Localized(de: "Alles als GeoJSON", en: "All of it as GeoJSON")
        case .geojsonseq: Localized(de: "Alles als GeoJSONSeq", en: "All of it as GeoJSONSeq")
        case .csv: Localized(de: "Alles als CSV", en: "All of it as CSV")
        case .csvExcel: Localized(de: "Alles als CSV für Excel", en: "All of it as CSV for Excel")
        case .gpkg: Localized(de: "Alles als GeoPackage", en: "All of it as GeoPackage")
        }
    }
}

extension QueryParameter {
    /// The collections of an archive.
    static let archived = codes(
        "collections", de: "Kennungen der Sammlungen; ohne Angabe alle, die keine Auswertungen sind",
        en: "Identifiers of the collections; all that are no analyses where it is not given")
    /// The parameters of an archive.
    static let archive: [QueryParameter] = [.archived, .crs, .exportFormat]

    /// The form of an export.
    static let exportFormat = QueryParameter(
        "f", de: "Form; geht dem Feld Accept vor. csv-excel: mit BOM, Semikolon und Dezimalkomma",
        en: "Form; takes precedence over the Accept field. csv-excel: with BOM, semicolon and decimal comma",
        schema: [
            "type": "string", "enum": .array(ExportFormat.allCases.map { .string($0.rawValue) }),
            "default": .string(ExportFormat.geojson.rawValue),
        ])
}
