import Analysis
import NetworkModel

/// The fields of the coverage figures: type, unit and titles of each name in `AreaCoverage.properties`.
enum CoverageFields {
    /// The field of a name; nil for a name that the definition does not know.
    static func field(_ name: String) -> Field? {
        if let field = fixed[name] { return field }
        if name.hasPrefix(outreach), let field = field(String(name.dropFirst(outreach.count))) {
            return Field(
                name, field.type, unit: field.unit, de: "\(field.titleDE), mit aufsuchenden Angeboten",
                en: "\(field.titleEN), with outreach")
        }
        if let radius = Self.radius(in: name, after: "people_within_") {
            return Field(
                name, .integer, unit: "{people}", de: "Einwohner im Umkreis von \(radius) m",
                en: "People within \(radius) m")
        }
        if let radius = Self.radius(in: name, after: "share_within_") {
            return Field(
                name, .real, unit: "1", de: "Anteil der Einwohner im Umkreis von \(radius) m",
                en: "Share of people within \(radius) m")
        }
        return nil
    }

    /// The pattern of the names that a question's parameters make, for schemas.
    static let variableNames =
        "^(outreach_)?(people|share)_within_[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?_m$"
        + "|^outreach_(distance_[a-z0-9_]+_m|gap_people)$|^access_e?2sfca$"
    private static let outreach = "outreach_"

    private static func radius(in name: String, after prefix: String) -> Substring? {
        guard name.hasPrefix(prefix), name.hasSuffix("_m") else { return nil }
        return name.dropFirst(prefix.count).dropLast(2)
    }

    /// The fields that come from the gaps.
    static let surfaces = [
        Field("gap_area_m2", .real, unit: "m2", de: "Fläche jenseits des Radius", en: "Area beyond the radius"),
        Field("covered_area_m2", .real, unit: "m2", de: "Fläche im Umkreis", en: "Area within the radius"),
    ]

    private static let fixed: [String: Field] = Dictionary(
        [
            Field("key", .text, de: "Amtlicher Schlüssel", en: "Official key", isRequired: true),
            Field("name", .text, de: "Name", en: "Name"),
            Field("people", .integer, unit: "{people}", de: "Einwohner", en: "People"),
            Field("cells", .integer, unit: "1", de: "Bewohnte Zellen", en: "Inhabited cells"),
            Field("distance_mean_m", .real, unit: "m", de: "Mittlere Entfernung", en: "Mean distance"),
            Field("distance_median_m", .real, unit: "m", de: "Median der Entfernung", en: "Median distance"),
            Field("distance_p90_m", .real, unit: "m", de: "Entfernung, p90", en: "Distance, p90"),
            Field("distance_max_m", .real, unit: "m", de: "Größte Entfernung", en: "Greatest distance"),
            Field(
                "distance_median_cells_m", .real, unit: "m", de: "Median der Entfernung über Zellen",
                en: "Median distance over cells"),
            Field(
                "gap_people", .integer, unit: "{people}", de: "Einwohner jenseits des Radius",
                en: "People beyond the radius"),
            Field("offers_located", .integer, unit: "1", de: "Angebote hier", en: "Offers located here"),
            Field(
                "offers_serving", .integer, unit: "1", de: "Angebote mit Einzugsgebiet hier",
                en: "Offers serving here"),
            Field(
                "offers_located_per_10000_people", .real, unit: "1", de: "Angebote hier je 10.000 Einwohner",
                en: "Offers located here per 10,000 inhabitants"),
            Field(
                "offers_serving_per_10000_people", .real, unit: "1",
                de: "Angebote mit Einzugsgebiet hier je 10.000 Einwohner",
                en: "Offers serving here per 10,000 inhabitants"),
            Field(
                "offers_located_per_100_km2", .real, unit: "1", de: "Angebote hier je 100 km²",
                en: "Offers located here per 100 km²"),
            Field(
                "offers_serving_per_100_km2", .real, unit: "1", de: "Angebote mit Einzugsgebiet hier je 100 km²",
                en: "Offers serving here per 100 km²"),
            Field(
                "register_population", .integer, unit: "{people}", de: "Einwohner laut Register",
                en: "Register population"),
            Field("area_m2", .real, unit: "m2", de: "Geodätische Fläche", en: "Geodesic area"),
            Field(
                "distance_gini", .real, unit: "1", de: "Gini-Koeffizient der Entfernung", en: "Gini of the distance"),
            Field(
                "access_2sfca", .real, unit: "1", de: "Angebote je Einwohner im Einzugsbereich (2SFCA)",
                en: "Offers per person in the catchment (2SFCA)"),
            Field(
                "access_e2sfca", .real, unit: "1", de: "Angebote je Einwohner im Einzugsbereich (E2SFCA)",
                en: "Offers per person in the catchment (E2SFCA)"),
            Field("actors_located", .integer, unit: "1", de: "Akteure hier", en: "Actors located here"),
            Field(
                "actors_administration", .integer, unit: "1", de: "Akteure: Verwaltung", en: "Actors: administration"),
            Field("actors_business", .integer, unit: "1", de: "Akteure: Wirtschaft", en: "Actors: business"),
            Field(
                "actors_civil_society", .integer, unit: "1", de: "Akteure: Zivilgesellschaft",
                en: "Actors: civil society"),
            Field(
                "actors_other_sectors", .integer, unit: "1", de: "Akteure: andere Sektoren", en: "Actors: other sectors"
            ),
            Field(
                "actors_sector_not_stated", .integer, unit: "1", de: "Akteure: Sektor nicht angegeben",
                en: "Actors: sector not stated"),
            Field(
                "sector_evenness", .real, unit: "1", de: "Ausgewogenheit der drei Sektoren",
                en: "Evenness of the three sectors"),
            Field(
                "sectors_missing", .codeList, de: "Fehlende Sektoren", en: "Missing sectors", isRequired: true),
            Field(
                "gap_people_change", .integer, unit: "{people}", de: "Veränderung der Einwohner jenseits des Radius",
                en: "Change of the people beyond the radius"),
        ].map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
