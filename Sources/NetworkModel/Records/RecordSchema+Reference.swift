extension Field {
    /// The pack or import that a record belongs to.
    static let region = Field("region", .code, de: "Region", en: "Region")
    /// The cited document.
    static let sourceID = Field("source_id", .code, de: "Quelle", en: "Source")
}

extension RecordSchema {
    /// Packs and imports.
    public static let regions = RecordSchema(
        .regions,
        [
            Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
            Field("name_de", .text, de: "Name", en: "Name (German)"),
            Field("name_en", .text, de: "Name (englisch)", en: "Name (English)"),
            Field("state", .code, vocabulary: "state", de: "Land", en: "State"),
            Field("key_prefix", .code, de: "Amtlicher Schlüssel des Landes", en: "Official key of the state"),
            Field("crs", .code, de: "Metrisches Koordinatensystem", en: "Metric coordinate reference system"),
            Field("as_of", .date, de: "Stand", en: "As of"),
            Field("languages", .codeList, de: "Sprachen", en: "Languages"),
            Field("attribution", .text, de: "Quellenvermerk", en: "Attribution"),
            Field("publisher", .text, de: "Herausgeber", en: "Publisher"),
            Field("publisher_url", .text, de: "Adresse des Herausgebers", en: "Publisher's address"),
            Field("contributor_id", .text, de: "Datenbereitsteller (DCAT-AP.de)", en: "Contributor (DCAT-AP.de)"),
            Field(
                "kind_sources", .codeList, de: "Quellen ganzer Dateien (Art/Kennung der Quelle)",
                en: "Sources of whole files (kind/identifier of the source)"),
            Field("imprint_text", .text, de: "Impressum", en: "Imprint"),
            Field("privacy_text", .text, de: "Datenschutzerklärung", en: "Privacy statement"),
            Field("accessibility_text", .text, de: "Erklärung zur Barrierefreiheit", en: "Accessibility statement"),
            Field("enforcement_text", .text, de: "Durchsetzungsstelle", en: "Enforcement body"),
            Field("feedback_url", .text, de: "Adresse für Rückmeldungen", en: "Address for feedback"),
            Field("report_url", .text, de: "Adresse für Änderungen", en: "Address for changes"),
        ])

    /// Cited documents and data sets.
    public static let sources = RecordSchema(
        .sources,
        [
            Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
            Field("title", .text, de: "Titel", en: "Title", isRequired: true),
            Field("publisher", .text, de: "Herausgeber", en: "Publisher"),
            Field("year", .integer, de: "Jahr", en: "Year"),
            Field("date", .date, de: "Stand", en: "Date"),
            Field("url", .text, de: "Adresse", en: "Address"),
            Field("licence", .text, de: "Lizenz", en: "Licence"),
            Field("attribution", .text, de: "Quellenvermerk", en: "Attribution"),
            .region,
        ])

    /// Vocabulary keys with their names.
    public static let vocabulary = RecordSchema(
        .vocabulary, identity: ["field", "key"],
        [
            Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
            Field("field", .code, de: "Feld", en: "Field", isRequired: true),
            Field("key", .text, de: "Schlüssel", en: "Key", isRequired: true),
            Field("label_de", .text, de: "Bezeichnung", en: "Label (German)", isRequired: true),
            Field("label_en", .text, de: "Bezeichnung (englisch)", en: "Label (English)"),
            .region,
        ])

    /// Terms with explanations.
    public static let glossary = RecordSchema(
        .glossary, identity: ["term"],
        [
            Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
            Field("term", .text, de: "Begriff", en: "Term", isRequired: true),
            Field("explanation_de", .text, de: "Erklärung", en: "Explanation (German)"),
            Field("explanation_en", .text, de: "Erklärung (englisch)", en: "Explanation (English)"),
            .sourceID, .region,
        ])

    /// Names and postcodes with positions.
    public static let gazetteer = RecordSchema(
        .gazetteer, identity: ["kind", "postcode", "name", "district_key", "municipality_key"],
        [
            Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
            Field("kind", .code, de: "Art", en: "Kind", isRequired: true),
            Field("postcode", .code, de: "Postleitzahl", en: "Postcode"),
            Field("name", .text, de: "Name", en: "Name"),
            Field("district_key", .code, de: "Kreisschlüssel", en: "District key"),
            Field("municipality_key", .code, de: "Gemeindeschlüssel", en: "Municipality key"),
            Field("lon", .real, unit: "deg", de: "Länge", en: "Longitude", isRequired: true),
            Field("lat", .real, unit: "deg", de: "Breite", en: "Latitude", isRequired: true),
            Field("source", .text, de: "Quelle", en: "Source"),
            .region,
        ])

    /// Published single figures about an area.
    public static let indicators = RecordSchema(
        .indicators, identity: ["key", "area_key", "year"],
        [
            Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
            Field("key", .code, de: "Kennzahl", en: "Indicator", isRequired: true),
            Field("label_de", .text, de: "Bezeichnung", en: "Label (German)"),
            Field("label_en", .text, de: "Bezeichnung (englisch)", en: "Label (English)"),
            Field("value", .real, de: "Wert", en: "Value", isRequired: true),
            Field("unit", .code, vocabulary: "unit", de: "Einheit", en: "Unit"),
            Field("area_key", .code, de: "Gebietsschlüssel", en: "Area key"),
            Field("year", .text, de: "Jahr oder Zeitraum", en: "Year or period"),
            Field("qualifier", .code, vocabulary: "qualifier", de: "Genauigkeit", en: "Qualifier"),
            .sourceID, .region,
        ])
}
