internal import ArgumentParser
internal import Server

/// `kompass siting FILE`
struct SitingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "siting",
        abstract: "Where further offers would help most.",
        discussion: """
            The offers that the options choose stay where they are; further stops are chosen
            among the municipalities or given places. Each stop shows what it adds.

              kompass siting kompass.gpkg --stops 3
              kompass siting kompass.gpkg --stops 2 --area 15083 --radius 10000
              kompass siting kompass.gpkg --method p-median --area 15091 --stops 2
              kompass siting kompass.gpkg --candidates 11.63:52.13,11.97:51.48
            """
    )

    @OptionGroup var answer: AnswerOptions

    @Option(parsing: .unconditionalSingleValue, help: "How many further stops, 1 to 50 (default: 1).")
    var stops: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: "mclp: as many people within the radius as possible; p-median: as short ways as possible (default: mclp)."
    )
    var method: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "The radius in metres (default: 15000).")
    var radius: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: "Whose people are meant: keys of districts, municipalities or a state (default: all).")
    var area: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: "'municipalities' (those of --area) or longitude:latitude,... (default: municipalities).")
    var candidates: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: "Whose ways count for p-median: people, uncovered (default: people).")
    var weights: [String] = []

    @OptionGroup(title: "Which offers") var offers: OfferOptions

    func run() throws {
        let own = [
            ("stops", stops), ("method", method), ("radius", radius), ("area", area), ("candidates", candidates),
            ("weights", weights),
        ]
        try answer.write(.siting, offers.parameters + own.flatMap { name, values in values.map { (name, $0) } })
    }
}
