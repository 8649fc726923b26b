internal import ArgumentParser

/// The options that select, order and shape the features of a collection, beside those that choose offers.
///
/// An option that is given twice stands twice in `parameters`, where it is refused as in a request.
struct CollectionOptions: ParsableArguments {
    @Option(
        name: .customLong("filter"), parsing: .unconditionalSingleValue,
        help: "A condition in CQL2 on the fields of the features.")
    var condition: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "The encoding of --filter: cql2-text, cql2-json.")
    var filterLang: [String] = []

    @Option(
        name: .customLong("filter-crs"), parsing: .unconditionalSingleValue,
        help: "The CRS of the geometries in --filter, such as EPSG:25832.")
    var conditionCRS: [String] = []

    @Option(
        name: .customLong("bbox"), parsing: .unconditionalSingleValue,
        help: "Only features that meet the box: west,south,east,north in degrees.")
    var box: [String] = []

    @Option(
        name: .customLong("bbox-crs"), parsing: .unconditionalSingleValue,
        help: "The CRS of --bbox: EPSG:4326, EPSG:25832, EPSG:3035, EPSG:3857, axes in its order.")
    var boxCRS: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Only features that are valid then: a day, or two as a/b.")
    var datetime: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "The order: properties, with - in front descending.")
    var sortby: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Only these properties.")
    var properties: [String] = []

    @Option(
        name: .customLong("crs"), parsing: .unconditionalSingleValue, help: "The CRS of the file, such as EPSG:25832.")
    var crs: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Kinds of actors.")
    var kind: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: "The areas of coverage and gaps: district, municipality, region, state.")
    var level: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Whose people are meant in coverage, gaps and access.")
    var area: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "The radius of coverage and gaps in metres.")
    var radius: [String] = []

    /// What was given, as names and values of a query.
    var parameters: [(name: String, value: String)] {
        [
            ("filter", condition), ("filter-lang", filterLang), ("filter-crs", conditionCRS), ("bbox", box),
            ("bbox-crs", boxCRS), ("datetime", datetime), ("sortby", sortby), ("properties", properties),
            ("crs", crs), ("kind", kind), ("level", level), ("area", area), ("radius", radius),
        ].flatMap { name, values in values.map { (name, $0) } }
    }
}
