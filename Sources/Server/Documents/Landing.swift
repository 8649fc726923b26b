import Geometry
import NetworkModel

extension Exchange {
    /// The landing page: what is served, of which region, under which attribution, and where to go on.
    func landing(_ language: String, _ format: Format) -> APIDocument {
        let region = served.regionNames
        let title = Localized(
            de: "Kompass: Netzwerkkarte \(region.map(\.de).joined(separator: ", "))",
            en: "Kompass: network map of \(region.map(\.en).joined(separator: ", "))")
        let description = Localized(
            de: """
                Kreise, Einwohner, Akteure und ihre Angebote als offene Daten (OGC API Features) und Vektorkacheln (OGC \
                API Tiles)
                """,
            en: """
                Districts, people, actors and their offers as open data (OGC API Features) and vector tiles (OGC API \
                Tiles)
                """)
        let links =
            selfLinks(format) + [
                Link(
                    href: url("/api/openapi.json"), rel: "service-desc", type: MediaTypes.openAPI,
                    title: Localized(
                        de: "Beschreibung der Schnittstelle (OpenAPI 3.0)", en: "Definition of the API (OpenAPI 3.0)")),
                Link(
                    href: url("/api/conformance"), rel: "conformance", type: MediaTypes.json,
                    title: Localized(de: "Eingehaltene Konformitätsklassen", en: "Conformance classes kept")),
                Link(
                    href: url("/api/collections"), rel: "data", type: MediaTypes.json,
                    title: Localized(de: "Sammlungen", en: "Collections")),
                Link(
                    href: url("/api/vocabulary"), rel: "related", type: MediaTypes.json,
                    title: Localized(de: "Vokabular mit Zahl der Angebote", en: "Vocabulary with numbers of offers")),
                Link(
                    href: url("/api/glossary"), rel: "glossary", type: MediaTypes.json,
                    title: Localized(de: "Glossar", en: "Glossary")),
                Link(
                    href: url("/api/definitions"), rel: "related", type: MediaTypes.json,
                    title: Localized(de: "Definitionen der Auswertungen", en: "Definitions of the analyses")),
                Link(
                    href: url("/api/coverage"), rel: "related", type: MediaTypes.json, title: Definition.coverage.title),
                Link(
                    href: url("/api/rural"), rel: "related", type: MediaTypes.json, title: Definition.rural.title),
                Link(
                    href: url("/api/tiles"), rel: Tiling.relation, type: MediaTypes.json,
                    title: Localized(de: "Vektorkacheln (OGC API Tiles)", en: "Vector tiles (OGC API Tiles)")),
                Link(
                    href: url("/api/tileMatrixSets"), rel: TileMatrixSet.listRelation, type: MediaTypes.json,
                    title: Localized(de: "Kachelraster", en: "Tile matrix sets")),
                Link(
                    href: url("/api/changes"), rel: "related", type: MediaTypes.json,
                    title: Localized(de: "Änderungen", en: "Changes")),
                Link(
                    href: url("/api/catalogue"), rel: "describedby", type: MediaTypes.jsonLD,
                    title: Localized(de: "Datenkatalog (DCAT-AP.de)", en: "Data catalogue (DCAT-AP.de)")),
                Link(
                    href: url("/api/hsds"), rel: "related", type: MediaTypes.json,
                    title: Localized(
                        de: "Organisationen, Angebote und Orte (HSDS 3)",
                        en: "Organisations, services and places (HSDS 3)")),
                Link(
                    href: url("/tiles/kompass.json"), rel: "related", type: MediaTypes.json,
                    title: Localized(de: "Vektorkacheln (TileJSON 3.0)", en: "Vector tiles (TileJSON 3.0)")),
                Link(
                    href: url("/styles/kompass.json"), rel: "related", type: MediaTypes.json,
                    title: Localized(de: "Kartenstil (MapLibre)", en: "Map style (MapLibre)")),
                Link(
                    href: url("/"), rel: "related", type: "text/html",
                    title: Localized(de: "Die Karte", en: "The map")),
            ]
        let extent = served.regionBox
        let json: JSON = [
            "title": .string(title[language]),
            "description": .string(description[language]),
            "titles": title.json,
            "attribution": .string(served.attribution),
            "data_version": .string(served.version),
            "region": .object([
                ("de", .string(region.map(\.de).joined(separator: ", "))),
                ("en", .string(region.map(\.en).joined(separator: ", "))),
            ]),
            "regions": .array(served.regions),
            "bbox": [.real(extent.minX), .real(extent.minY), .real(extent.maxX), .real(extent.maxY)],
            "links": links.json(language),
        ]
        return APIDocument(title: title[language], description: description[language], links: links, json: json)
    }

    /// The conformance classes that are kept, by specification.
    private static let conformanceClasses: [(specification: String, names: [String])] = [
        ("ogcapi-features-1", ["core", "geojson", "html", "oas30"]),
        ("ogcapi-features-2", ["crs"]),
        ("ogcapi-features-3", ["queryables", "filter", "features-filter"]),
        (
            "ogcapi-tiles-1",
            [
                "core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "collections-selection",
                "mvt", "oas30",
            ]
        ),
        (
            "cql2",
            [
                "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison",
                "accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus",
                "spatial-functions", "temporal-functions", "array-functions", "property-property", "arithmetic",
            ]
        ),
    ]

    /// The conformance classes that are kept, and no other.
    func conformance(_ language: String, _ format: Format) -> APIDocument {
        let classes = Self.conformanceClasses.flatMap { specification, names in
            names.map { JSON.string("http://www.opengis.net/spec/\(specification)/1.0/conf/\($0)") }
        }
        let title = Localized(de: "Konformität", en: "Conformance")
        let links = selfLinks(format)
        return APIDocument(
            title: title[language],
            description: Localized(
                de: "Die Klassen von OGC API Features, OGC API Tiles und CQL2, die eingehalten werden",
                en: "The classes of OGC API Features, OGC API Tiles and CQL2 that are kept")[
                    language],
            links: links,
            json: ["conformsTo": .array(classes), "links": links.json(language)])
    }
}

extension ServedSnapshot {
    /// The names of the states or imports that are served; what belongs to no one state is left aside.
    var regionNames: [Localized] {
        let table = snapshot.regions
        let german = table.text("name_de")
        let english = table.text("name_en")
        return regionRows.map { row in
            let name = german[row] ?? table.identifiers[row] ?? ""
            return Localized(de: name, en: english[row] ?? name)
        }
    }

    /// The regions with what is known of each.
    var regions: [JSON] {
        let table = snapshot.regions
        let attribution = table.text("attribution")
        let dates = table.date("as_of")
        return zip(regionRows, regionNames).map { row, name in
            [
                "id": .string(table.identifiers[row] ?? ""), "names": name.json,
                "key_prefix": table.code("key_prefix")[row].map(JSON.string) ?? .null,
                "as_of": ReducedDate(packed: dates[row]).map { .string($0.description) } ?? .null,
                "attribution": attribution[row].map(JSON.string) ?? .null,
            ]
        }
    }

    /// The attribution of all regions, each text once.
    var attribution: String { snapshot.attribution }

    /// The box around the areas that are served; around all that is located where there are none.
    ///
    /// Actors of neighbouring states belong to the network, but not to the region that a map opens with.
    var regionBox: BoundingBox<Geographic> {
        var box = BoundingBox<Geographic>.empty
        for area in snapshot.districtBoxes + snapshot.municipalityBoxes { box.formUnion(area) }
        return box.isEmpty ? snapshot.extent : box
    }

    /// The rows of the regions that are states, or all rows where none is.
    private var regionRows: [Int] {
        let states = snapshot.regions.code("key_prefix")
        let rows = Array(0..<snapshot.regions.count)
        let stateRows = rows.filter { states[$0] != nil }
        return stateRows.isEmpty ? rows : stateRows
    }
}

extension Snapshot {
    /// The attribution of all regions, each text once.
    var attribution: String {
        let table = regions
        let texts = table.text("attribution")
        var result: [String] = []
        for row in 0..<table.count {
            // One region's text may list several sources that another lists too.
            for part in texts[row]?.split(separator: "; ") ?? [] where !result.contains(String(part)) {
                result.append(String(part))
            }
        }
        return result.joined(separator: "; ")
    }
}
