extension Field {
    fileprivate static let areaFields = [
        Field("population", .integer, unit: "{people}", de: "Einwohner laut Register", en: "Register population"),
        Field("population_date", .date, de: "Stand der Einwohnerzahl", en: "Date of the register population"),
        Field("area_official_m2", .integer, unit: "m2", de: "Amtliche Fläche", en: "Official area"),
        Field("area_m2", .real, unit: "m2", de: "Geodätische Fläche des Umrisses", en: "Geodesic area of the outline"),
        Field("label_lon", .real, unit: "deg", de: "Länge des Beschriftungspunkts", en: "Longitude of the label point"),
        Field("label_lat", .real, unit: "deg", de: "Breite des Beschriftungspunkts", en: "Latitude of the label point"),
        Field.region,
    ]
}

extension RecordSchema {
    /// Counties and county-level cities.
    public static let districts = RecordSchema(
        .districts, geometry: .multiPolygon,
        [
            Field("key", .text, de: "Amtlicher Kreisschlüssel", en: "Official district key", isRequired: true),
            Field("name", .text, de: "Name", en: "Name", isRequired: true),
            Field("designation", .code, de: "Bezeichnung", en: "Designation"),
            Field("nuts", .code, de: "NUTS-Schlüssel", en: "NUTS code"),
            Field(
                "district_region_key", .code, de: "Kreisregion (Schlüssel)",
                en: "District region (key): a small city and the district around it"),
        ] + Field.areaFields)

    /// Municipalities.
    public static let municipalities = RecordSchema(
        .municipalities, geometry: .multiPolygon,
        [
            Field("key", .text, de: "Amtlicher Gemeindeschlüssel", en: "Official municipality key", isRequired: true),
            Field("name", .text, de: "Name", en: "Name", isRequired: true),
            Field("district_key", .code, de: "Kreisschlüssel", en: "District key"),
            Field("designation", .code, de: "Bezeichnung", en: "Designation"),
            Field("postcode", .code, de: "Postleitzahl der Verwaltung", en: "Postcode of the administration"),
            Field("degree_of_urbanisation", .integer, de: "Grad der Verstädterung", en: "Degree of urbanisation"),
        ] + Field.areaFields)

    /// Inhabited cells of the census grid; the point is the cell's centre.
    public static let populationCells = RecordSchema(
        .populationCells, geometry: .point,
        [
            Field("id", .text, de: "Gitterkennung", en: "Grid identifier", isRequired: true),
            Field("people", .integer, unit: "{people}", de: "Einwohner", en: "Inhabitants", isRequired: true),
            Field("state", .code, de: "Landesschlüssel", en: "State key"),
            Field("role", .code, de: "Rolle (own, context)", en: "Role (own, context)"),
            Field("district_key", .code, de: "Kreisschlüssel", en: "District key"),
            Field("municipality_key", .code, de: "Gemeindeschlüssel", en: "Municipality key"),
            Field(
                "assignment", .code, de: "Zuordnung (inside, nearest, listed)",
                en: "Assignment (inside, nearest, listed)"),
            .region,
        ])
}
