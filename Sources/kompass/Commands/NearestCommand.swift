internal import ArgumentParser
internal import Server

/// `kompass nearest FILE --lon X --lat Y`
struct NearestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nearest",
        abstract: "The offers nearest to a place.",
        discussion: """
            Distances are geodesics on the ellipsoid, to the millimetre; the options choose
            the offers as the map and the API do.

              kompass nearest kompass.gpkg --lon 11.63 --lat 52.13
              kompass nearest kompass.gpkg --lon 11.63 --lat 52.13 -k 3 --format geojson
            """
    )

    @OptionGroup var answer: AnswerOptions

    @Option(name: .customLong("lon"), parsing: .unconditionalSingleValue, help: "Longitude in degrees.")
    var longitude: [String] = []

    @Option(name: .customLong("lat"), parsing: .unconditionalSingleValue, help: "Latitude in degrees.")
    var latitude: [String] = []

    @Option(
        name: .customShort("k"), parsing: .unconditionalSingleValue, help: "How many offers, 1 to 1000 (default: 5).")
    var count: [String] = []

    @OptionGroup(title: "Which offers") var offers: OfferOptions

    func run() throws {
        let own = [("lon", longitude), ("lat", latitude), ("k", count)]
        try answer.write(.nearest, offers.parameters + own.flatMap { name, values in values.map { (name, $0) } })
    }
}
