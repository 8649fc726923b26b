import Geometry
import NetworkModel

/// A parameter of a query as the routes check it and the OpenAPI document describes it: one definition for both.
struct QueryParameter: Sendable {
    /// The name.
    let name: String
    /// What it does.
    let description: Localized
    /// Its JSON Schema.
    let schema: JSON
    /// Whether its value is a comma list.
    let isList: Bool
    /// Whether a request without it is refused.
    let isRequired: Bool

    init(
        _ name: String, de: String, en: String, schema: JSON = ["type": "string"], isList: Bool = false,
        isRequired: Bool = false
    ) {
        self.name = name
        self.isRequired = isRequired
        description = Localized(de: de, en: en)
        self.schema = schema
        self.isList = isList
    }

    /// The parameter that selects by equality with a field, which a list has among its values.
    init(_ field: Field) {
        self.init(
            field.name, de: "Gleich (Listen: enthält): \(field.titleDE)",
            en: "Equal (lists: contains): \(field.titleEN)",
            schema: field.type == .codeList ? ["type": "string"] : field.queryableSchema("en"))
    }

    /// A comma list of codes of a field that a record may leave empty.
    static func statedCodes(_ name: String, de: String, en: String) -> QueryParameter {
        codes(
            name, de: "\(de); \(OfferFilter.notStated): keine Angabe",
            en: "\(en); \(OfferFilter.notStated): not stated")
    }

    /// A comma list of codes.
    static func codes(_ name: String, de: String, en: String) -> QueryParameter {
        QueryParameter(
            name, de: de, en: en, schema: ["type": "array", "items": ["type": "string"], "maxItems": 500], isList: true)
    }
}

extension QueryParameter {
    static let format = QueryParameter(
        "f", de: "Darstellung; geht dem Feld Accept vor", en: "Representation; takes precedence over the Accept field",
        schema: ["type": "string", "enum": ["json", "html"]])
    static let language = QueryParameter(
        "lang", de: "Sprache der Texte; geht dem Feld Accept-Language vor",
        en: "Language of the texts; takes precedence over the Accept-Language field",
        schema: ["type": "string", "enum": .array(Localized.languages.map(JSON.string))])
    static let limit = QueryParameter(
        "limit", de: "Höchstzahl der Objekte einer Antwort; mehr als das Höchstmaß wird auf dieses gekürzt",
        en: "The most features in one answer; more than the maximum is cut to it",
        schema: [
            "type": "integer", "minimum": 1, "maximum": .integer(ItemsRequest.largestLimit),
            "default": .integer(ItemsRequest.defaultLimit),
        ])
    static let cursor = QueryParameter(
        "cursor",
        de: """
            Fortsetzung aus dem Verweis next, unverändert zu übernehmen; nach einem neuen Datenstand 410: \
            dann ohne cursor neu beginnen
            """,
        en: """
            Continuation from the link next, to be taken as it is; after a change of the data 410: then start again \
            without cursor
            """, schema: ["type": "string", "pattern": "^[0-9a-f]{16}-[1-9a-z][0-9a-z]*$"])
    static let offset = QueryParameter(
        "offset",
        de: "So viele Objekte überspringen; die Verweise next sind sicherer, denn sie merken einen neuen Datenstand",
        en: "Skip so many features; the links next are safer, as they notice a change of the data",
        schema: ["type": "integer", "minimum": 0, "default": 0])
    static let bbox = QueryParameter(
        "bbox",
        de: "Nur Objekte, deren Geometrie das Rechteck berührt: West, Süd, Ost, Nord in Grad oder wie bbox-crs sagt",
        en: "Only features whose geometry meets the box: west, south, east, north in degrees or as bbox-crs says",
        schema: [
            "type": "array", "minItems": 4, "maxItems": 6, "items": ["type": "number"],
            "oneOf": [["minItems": 4, "maxItems": 4], ["minItems": 6, "maxItems": 6]],
        ], isList: true)
    static let datetime = QueryParameter(
        "datetime",
        de: """
            Nur Objekte, deren Gültigkeit den Zeitpunkt oder Zeitraum (a/b, ../b, a/..) berührt; ohne Zeitangabe \
            treffen alle zu
            """,
        en: """
            Only features whose validity meets the instant or interval (a/b, ../b, a/..); features that state no time \
            always match
            """)
    static let condition = QueryParameter(
        "filter",
        de: """
            Bedingung in CQL2 über die Eigenschaften (queryables) und geometry; Listen sind Felder (A_CONTAINS), eine \
            ungenaue Zeitangabe steht für ihren ersten Tag, in valid_to für ihren letzten
            """,
        en: """
            Condition in CQL2 on the properties (queryables) and geometry; lists are arrays (A_CONTAINS), a date in \
            reduced precision stands for its first day, in valid_to for its last
            """,
        schema: ["type": "string", "maxLength": 8000])
    static let conditionEncoding = QueryParameter(
        "filter-lang", de: "Schreibweise von filter", en: "Encoding of filter",
        schema: [
            "type": "string",
            "enum": .array(
                Condition.Encoding.allCases.map { .string($0.rawValue) } + [.string(ItemsRequest.draftName)]),
            "default": .string(Condition.Encoding.text.rawValue),
        ])
    static let conditionCRS = QueryParameter(
        "filter-crs", de: "Bezugssystem der Geometrien in filter, Achsen in dessen Reihenfolge",
        en: "CRS of the geometries in filter, axes in its order", schema: crsSchema)
    static let order = QueryParameter(
        "sortby",
        de: """
            Reihenfolge: Eigenschaften, mit - davor fallend; Gleiche nach Kennung, nicht Angegebenes zuletzt, Texte nach \
            Unicode; Listen ordnen nicht
            """,
        en: """
            Order: properties, with - in front descending; equals by identifier, what is not stated last, texts by code \
            point; lists give no order
            """,
        schema: [
            "type": "array", "minItems": 1, "maxItems": .integer(FeatureOrder.mostKeys),
            "items": ["type": "string", "pattern": "^[+-]?[a-z0-9_.+-]+$"],
        ], isList: true)
    static let properties = QueryParameter(
        "properties", de: "Nur diese Eigenschaften; Kennung und Geometrie stehen immer dabei",
        en: "Only these properties; identifier and geometry are always there",
        schema: ["type": "array", "minItems": 1, "items": ["type": "string"]], isList: true)
    static let crs = QueryParameter(
        "crs",
        de: """
            Bezugssystem der Koordinaten in der Antwort (GeoJSON), Achsen in dessen Reihenfolge; eine Lage, die es nicht \
            ausdrücken kann, ist null
            """,
        en: """
            CRS of the coordinates in the answer (GeoJSON), axes in its order; a position that it cannot express is null
            """, schema: crsSchema)
    static let boxCRS = QueryParameter(
        "bbox-crs", de: "Bezugssystem von bbox, Achsen in dessen Reihenfolge", en: "CRS of bbox, axes in its order",
        schema: crsSchema)
    private static let crsSchema: JSON = [
        "type": "string", "format": "uri", "enum": .array(ExchangeCRS.allCases.map { .string($0.uri) }),
        "default": .string(ExchangeCRS.longitudeLatitude.uri),
    ]
    static let text = QueryParameter(
        "q", de: "Wörter, die alle vorkommen müssen; Groß- und Kleinschreibung und Umlaute sind gleichgültig",
        en: "Words that must all occur, without regard to case and diacritics",
        schema: ["type": "string", "maxLength": 200])
    static let sector = statedCodes("sector", de: "Sektor", en: "Sector")
    static let kind = statedCodes("kind", de: "Art", en: "Kind")
    static let locatedIn = codes(
        "located_in",
        de: """
            Liegt in: Schlüssel von Kreisen, Gemeinden oder eines Landes; bei Angeboten und Akteuren auch \
            \(OfferFilter.notStated)
            """,
        en: """
            Lies in: keys of districts, municipalities or a state; for offers and actors also \(OfferFilter.notStated)
            """)

    /// The filter grammar for offers (all of `OfferFilter`).
    static let offerFilter: [QueryParameter] = [
        statedCodes("category", de: "Art des Angebots", en: "Category"),
        statedCodes("topic", de: "Themen", en: "Topics"),
        statedCodes("audience", de: "Zielgruppen", en: "Audiences"),
        statedCodes("language", de: "Sprachen des Angebots", en: "Languages of the offer"),
        statedCodes("delivery", de: "Form", en: "Delivery"),
        sector,
        statedCodes("actor", de: "Kennungen der Anbieter", en: "Identifiers of the providers"),
        locatedIn,
        statedCodes(
            "serves", de: "Einzugsgebiet überschneidet: Schlüssel von Kreisen oder Gemeinden",
            en: "Service area overlaps: keys of districts or municipalities"),
        text,
        QueryParameter(
            "date", de: "Tag, an dem die Angebote laufen", en: "Day on which the offers are running",
            schema: ["type": "string", "format": "date"]),
        QueryParameter(
            "offer-bbox", de: "Lage der Angebote: West, Süd, Ost, Nord in Grad",
            en: "Position of the offers: west, south, east, north in degrees",
            schema: ["type": "array", "minItems": 4, "maxItems": 6, "items": ["type": "number"]], isList: true),
        QueryParameter(
            "offer-filter",
            de: """
                Bedingung in CQL2 (Text oder JSON) über die Eigenschaften der Angebote; geometry ist ihre Lage, Listen \
                sind Felder (A_CONTAINS), eine ungenaue Zeitangabe steht für ihren ersten Tag, in valid_to für ihren letzten
                """,
            en: """
                Condition in CQL2 (text or JSON) on the properties of offers; geometry is their position, lists are \
                arrays (A_CONTAINS), a date in reduced precision stands for its first day, in valid_to for its last
                """,
            schema: ["type": "string", "maxLength": 8000]),
        QueryParameter(
            "validity", de: "dated: nur Angebote mit angegebenem Ende", en: "dated: only offers with a stated end",
            schema: ["type": "string", "enum": ["dated", ""]]),
    ]
}
