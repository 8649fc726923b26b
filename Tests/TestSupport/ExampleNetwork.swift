public import NetworkModel

/// A network of two districts that is small enough to count by hand.
public enum ExampleNetwork {
    /// All its tables.
    public static var tables: [RecordKind: Table] {
        [
            .regions: Table(.regions, [["id": .text("example"), "name_de": .text("Beispiel"), "state": .text("ST")]]),
            .sources: Table(
                .sources,
                [
                    [
                        "id": .text("report"), "title": .text("Bericht"), "publisher": .text("Verein"),
                        "year": .integer(2018), "region": .text("example"),
                    ]
                ]),
            .vocabulary: Table(
                .vocabulary,
                [
                    vocabulary("category", "counselling", "Beratung", "Counselling"),
                    vocabulary("category", "training", "Fortbildung", "Training"),
                    vocabulary("language", "ar", "Arabisch", "Arabic"),
                    vocabulary("language", "de", "Deutsch", "German"),
                    vocabulary("sector", "administration", "Verwaltung", "Administration"),
                ]),
            .districts: Table(
                .districts,
                [
                    area("15001", "Westkreis", lon: 11.5, lat: 51.5), area("15002", "Ostkreis", lon: 12.5, lat: 51.5),
                ],
                surfaces: [.rectangle(11, 51, 12, 52), .rectangle(12, 51, 13, 52)]),
            .municipalities: Table(
                .municipalities,
                [
                    area("15001000", "Weststadt", lon: 11.5, lat: 51.5, district: "15001"),
                    area("15002010", "Nordort, Stadt", lon: 12.5, lat: 51.75, district: "15002"),
                    area("15002020", "Südort", lon: 12.5, lat: 51.25, district: "15002"),
                ],
                surfaces: [
                    .rectangle(11, 51, 12, 52), .rectangle(12, 51.5, 13, 52), .rectangle(12, 51, 13, 51.5),
                ]),
            .populationCells: Table(
                .populationCells,
                [
                    cell("1kmN1E1", 100, 11.2, 51.2, "15001", "15001000"),
                    cell("1kmN1E2", 50, 12.2, 51.2, "15002", "15002020"),
                ]),
            .actors: Table(
                .actors,
                [
                    [
                        "id": .text("amt"), "name": .text("Amt für Mädchen"), "sector": .text("administration"),
                        "district_key": .text("15001"), "municipality_key": .text("15001000"),
                        "street": .text("Hauptstraße 1"), "lon": .real(11.5), "lat": .real(51.5),
                        "source_id": .text("report"), "region": .text("example"),
                    ],
                    ["id": .text("verein"), "name": .text("Verein"), "region": .text("example")],
                ]),
            .offers: Table(
                .offers,
                [
                    offer("beratung", "Beratung auf Arabisch", "counselling", languages: ["ar", "de"], actor: "amt"),
                    offer("kurs", "Kurs", "training", from: "2018-06", to: "2018-06", actor: "amt"),
                    offer("treffen", "Treffen", "training", from: "2019", actor: "verein", isPlaced: false),
                ]),
            .links: Table(
                .links,
                [
                    [
                        "id": .text("amt/verein/cooperation"), "from_id": .text("amt"), "to_id": .text("verein"),
                        "kind": .text("cooperation"), "region": .text("example"),
                    ]
                ]),
        ]
    }

    private static func vocabulary(_ field: String, _ key: String, _ de: String, _ en: String) -> [String: FieldValue] {
        [
            "id": .text("\(field)/\(key)"), "field": .text(field), "key": .text(key), "label_de": .text(de),
            "label_en": .text(en), "region": .text("example"),
        ]
    }

    private static func area(
        _ key: String, _ name: String, lon: Double, lat: Double, district: String? = nil
    ) -> [String: FieldValue] {
        [
            "key": .text(key), "name": .text(name), "label_lon": .real(lon), "label_lat": .real(lat),
            "district_key": district.map { .text($0) } ?? .null, "area_m2": .real(1e9), "region": .text("example"),
        ]
    }

    private static func cell(
        _ id: String, _ people: Int64, _ lon: Double, _ lat: Double, _ district: String, _ municipality: String
    ) -> [String: FieldValue] {
        [
            "id": .text(id), "people": .integer(people), "state": .text("15"), "role": .text("own"),
            "district_key": .text(district), "municipality_key": .text(municipality), "lon": .real(lon),
            "lat": .real(lat), "region": .text("example"),
        ]
    }

    /// An offer in the west, or without a place.
    public static func offer(
        _ id: String, _ title: String, _ category: String, languages: [String] = [], from: String = "",
        to: String = "", actor: String = "", isPlaced: Bool = true
    ) -> [String: FieldValue] {
        [
            "id": .text(id), "title": .text(title), "category": .text(category),
            "languages": languages.isEmpty ? .null : .list(languages), "valid_from": .text(from), "valid_to": .text(to),
            "actor_id": .text(actor), "district_key": .text(isPlaced ? "15001" : ""),
            "municipality_key": .text(isPlaced ? "15001000" : ""),
            "precision": .text(isPlaced ? "municipality" : "none"), "lon": .real(isPlaced ? 11.5 : .nan),
            "lat": .real(isPlaced ? 51.5 : .nan), "source_id": .text("report"), "region": .text("example"),
        ]
    }
}
