internal import ArgumentParser

/// The options that choose offers: the grammar that the map's address, the API and the tiles use too.
///
/// An option that is given twice stands twice in `parameters`, where it is refused as in a request.
struct OfferOptions: ParsableArguments {
    @Option(parsing: .unconditionalSingleValue, help: "Categories.")
    var category: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Topics.")
    var topic: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Audiences.")
    var audience: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Languages of the offer.")
    var language: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Delivery: on_site, mixed, online, telephone, print, outreach.")
    var delivery: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Sectors of the providers.")
    var sector: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Identifiers of the providers.")
    var actor: [String] = []

    @Option(
        parsing: .unconditionalSingleValue, help: "Where the offers are: keys of districts, municipalities or a state.")
    var locatedIn: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Whom the offers are for: keys of districts or municipalities.")
    var serves: [String] = []

    @Option(name: .customLong("q"), parsing: .unconditionalSingleValue, help: "Words that must all occur.")
    var text: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "The day on which the offers run, such as 2024-06-30.")
    var date: [String] = []

    @Option(
        name: .customLong("offer-bbox"), parsing: .unconditionalSingleValue,
        help: "Where the offers are: west,south,east,north in degrees.")
    var box: [String] = []

    @Option(
        name: .customLong("offer-filter"), parsing: .unconditionalSingleValue,
        help: "A condition in CQL2, text or JSON, on the fields of offers.")
    var condition: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "'dated': only offers with a stated end.")
    var validity: [String] = []

    /// What was given, as names and values of the grammar.
    var parameters: [(name: String, value: String)] {
        [
            ("category", category), ("topic", topic), ("audience", audience), ("language", language),
            ("delivery", delivery), ("sector", sector), ("actor", actor), ("located_in", locatedIn),
            ("serves", serves), ("q", text), ("date", date), ("offer-bbox", box),
            ("offer-filter", condition), ("validity", validity),
        ].flatMap { name, values in values.map { (name, $0) } }
    }
}
