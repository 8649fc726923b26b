internal import ArgumentParser
internal import Server

/// `kompass coverage FILE`
struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "How far people have to the nearest offer, area by area.",
        discussion: """
            The options choose the offers as the map and the API do: values of one option are a comma list, different
            options must all hold. Every figure is defined in the answer itself (--format json).

              kompass coverage kompass.gpkg
              kompass coverage kompass.gpkg --level municipality --area 15001 --radius 10000 --format csv
              kompass coverage kompass.gpkg --category training --date 2018-06-01 --format json
            """
    )

    @OptionGroup var answer: AnswerOptions

    @Option(parsing: .unconditionalSingleValue, help: "The areas: district, municipality, state (default: district).")
    var level: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: "Whose people are meant: keys of districts, municipalities or a state (default: all).")
    var area: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: "The radius in metres within which people count as covered (default: 15000).")
    var radius: [String] = []

    @OptionGroup(title: "Which offers") var offers: OfferOptions

    func run() throws {
        let own = [("level", level), ("area", area), ("radius", radius)]
        try answer.write(
            .coverage, offers.parameters + own.flatMap { name, values in values.map { (name, $0) } })
    }
}
