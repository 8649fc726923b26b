/// What the rural index is computed from besides areas and cells (DOMAIN 6.6), and what it is scored with.
extension RecordSchema {
    /// Land use of districts and municipalities, as the official area survey by type of use counts it.
    public static let landUse = RecordSchema(
        .landUse,
        [
            Field("key", .text, de: "Amtlicher Schlüssel", en: "Official key", isRequired: true),
            Field("date", .date, de: "Stand", en: "Date"),
            Field("total_m2", .integer, unit: "m2", de: "Bodenfläche insgesamt", en: "Total land area"),
            Field("settlement_m2", .integer, unit: "m2", de: "Siedlungsfläche", en: "Settlement area"),
            Field("traffic_m2", .integer, unit: "m2", de: "Verkehrsfläche", en: "Traffic area"),
            Field("agriculture_m2", .integer, unit: "m2", de: "Landwirtschaftsfläche", en: "Agricultural area"),
            Field("forest_m2", .integer, unit: "m2", de: "Waldfläche", en: "Forest area"),
            Field("copse_m2", .integer, unit: "m2", de: "Gehölz", en: "Copses and hedges"),
            Field("water_m2", .integer, unit: "m2", de: "Gewässerfläche", en: "Water area"),
            .sourceID, .region,
        ])

    /// Residential buildings of districts and municipalities by their number of dwellings.
    public static let buildings = RecordSchema(
        .buildings,
        [
            Field("key", .text, de: "Amtlicher Schlüssel", en: "Official key", isRequired: true),
            Field("date", .date, de: "Stand", en: "Date"),
            Field(
                "one_dwelling", .integer, unit: "1", de: "Wohngebäude mit 1 Wohnung",
                en: "Residential buildings with 1 dwelling"),
            Field(
                "two_dwellings", .integer, unit: "1", de: "Wohngebäude mit 2 Wohnungen",
                en: "Residential buildings with 2 dwellings"),
            Field(
                "three_or_more_dwellings", .integer, unit: "1", de: "Wohngebäude mit 3 und mehr Wohnungen",
                en: "Residential buildings with 3 or more dwellings"),
            Field("dormitories", .integer, unit: "1", de: "Wohnheime", en: "Dormitories"),
            .sourceID, .region,
        ])

    /// Cities of at least 100,000 people, at their official centre.
    public static let cities = RecordSchema(
        .cities, geometry: .point,
        [
            Field("key", .text, de: "Amtlicher Gemeindeschlüssel", en: "Official municipality key", isRequired: true),
            Field("name", .text, de: "Name", en: "Name", isRequired: true),
            Field(
                "population", .integer, unit: "{people}", de: "Einwohner laut Register", en: "Register population",
                isRequired: true),
            Field("population_date", .date, de: "Stand der Einwohnerzahl", en: "Date of the register population"),
            .sourceID, .region,
        ])

    /// One row per indicator of a calibration.
    public static let ruralCalibrations = RecordSchema(
        .ruralCalibrations, identity: ["calibration", "indicator"],
        [
            Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
            Field("calibration", .code, de: "Kalibrierung", en: "Calibration", isRequired: true),
            Field("indicator", .code, de: "Indikator", en: "Indicator", isRequired: true),
            Field("mean", .real, de: "Mittelwert", en: "Mean", isRequired: true),
            Field("deviation", .real, de: "Standardabweichung", en: "Standard deviation", isRequired: true),
            Field("weight", .real, de: "Gewicht im Index", en: "Weight in the index", isRequired: true),
            Field("loading", .real, de: "Ladung", en: "Loading", isRequired: true),
            Field("regions", .integer, unit: "1", de: "Regionen", en: "Regions", isRequired: true),
            Field(
                "explained_variance", .real, unit: "1", de: "Erklärter Anteil der Varianz",
                en: "Explained share of the variance", isRequired: true),
            Field("data_date", .text, de: "Stand der Daten", en: "Dates of the data"),
            .region,
        ])
}
