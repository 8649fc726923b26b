internal import ArgumentParser
internal import Server

/// `kompass coverage FILE`
struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "How far people have to the nearest offer, area by area.",
        discussion: """
            The options choose the offers as the map and the API do: values of one option
            are a comma list, different options must all hold. Every figure is defined in
            the answer itself (--format json).

              kompass coverage kompass.gpkg
              kompass coverage kompass.gpkg --level state --series
              kompass coverage kompass.gpkg --category training --date 2018-06-01
              kompass coverage kompass.gpkg --level municipality --format csv
            """
    )

    @OptionGroup var answer: AnswerOptions

    @Option(
        parsing: .unconditionalSingleValue,
        help: "The areas: district, municipality, region, state (default: district).")
    var level: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: "Whose people are meant: keys of districts, municipalities or a state (default: all).")
    var area: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: "The radius in metres within which people count as covered (default: 15000).")
    var radius: [String] = []

    @Flag(help: "Add the figures with outreach, which reaches its service area.")
    var outreach = false

    @Option(
        parsing: .unconditionalSingleValue,
        help: "The greatest distance of the floating catchments (2SFCA) in metres (default: 15000).")
    var catchment: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: "Bands of the floating catchments (E2SFCA) instead: 5000:1,10000:0.68,15000:0.22.")
    var bands: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "What an offer supplies: one, capacity (default: one).")
    var supply: [String] = []

    @Flag(help: "The coverage curve instead: people within each kilometre.")
    var curve = false

    @Flag(help: "The figures on each day on which offers begin or have ended: what changes when they end.")
    var series = false

    @OptionGroup(title: "Which offers") var offers: OfferOptions

    func run() throws {
        let own = [
            ("level", level), ("area", area), ("radius", radius), ("outreach", outreach ? ["include"] : []),
            ("catchment", catchment), ("bands", bands), ("supply", supply), ("curve", curve ? ["include"] : []),
            ("series", series ? ["include"] : []),
        ]
        try answer.write(
            .coverage, offers.parameters + own.flatMap { name, values in values.map { (name, $0) } })
    }
}
