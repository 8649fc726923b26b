import Analysis
import NetworkModel

/// The fields of the coverage figures: type, unit and titles of each name in `AreaCoverage.properties`.
enum CoverageFields {
    /// The field of a name; nil for a name that the definition does not know.
    static func field(_ name: String) -> Field? {
        if let field = fixed[name] { return field }
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

    /// The pattern of the names that contain a radius, for schemas.
    static let radiusPattern = #"^(people|share)_within_[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?_m$"#

    private static func radius(in name: String, after prefix: String) -> Substring? {
        guard name.hasPrefix(prefix), name.hasSuffix("_m") else { return nil }
        return name.dropFirst(prefix.count).dropLast(2)
    }

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
            Field("offers_serving", .integer, unit: "1", de: "Angebote für hier", en: "Offers serving here"),
            Field(
                "offers_located_per_10000_people", .real, unit: "1", de: "Angebote hier je 10.000 Einwohner",
                en: "Offers located here per 10,000 inhabitants"),
            Field(
                "offers_serving_per_10000_people", .real, unit: "1", de: "Angebote für hier je 10.000 Einwohner",
                en: "Offers serving here per 10,000 inhabitants"),
            Field(
                "offers_located_per_100_km2", .real, unit: "1", de: "Angebote hier je 100 km²",
                en: "Offers located here per 100 km²"),
            Field(
                "offers_serving_per_100_km2", .real, unit: "1", de: "Angebote für hier je 100 km²",
                en: "Offers serving here per 100 km²"),
            Field(
                "register_population", .integer, unit: "{people}", de: "Einwohner laut Register",
                en: "Register population"),
            Field("area_m2", .real, unit: "m2", de: "Geodätische Fläche", en: "Geodesic area"),
        ].map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
