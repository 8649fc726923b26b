import Analysis
import Geometry

/// 2SFCA with a supply of 1 for each offer: `cells` (with the people in the third column), `offers`, `radius`;
/// `index=kept` leaves the making of the cells' index out of the time.
enum CatchmentTask {
    @Sendable
    static func prepare(_ request: Request, _ inputs: Inputs) throws -> () throws -> [String: Double] {
        let cells: [Coordinate<Geographic>] = try inputs.positions(request.text("cells"))
        let people = try inputs.table(request.text("cells")).columns[2].map { Int64($0) }
        let offers: [Coordinate<Geographic>] = try inputs.positions(request.text("offers"))
        let bands = try CatchmentBands(catchment: Metres(request.number("radius")))
        let kept = request.optional("index") == "kept" ? try DemandIndex(positions: cells, people: people) : nil
        return {
            let index = try kept ?? DemandIndex(positions: cells, people: people)
            let catchment = try FloatingCatchment(positions: offers, demand: index, bands: bands)
            return ["mean": catchment.scores.reduce(0, +) / Double(cells.count), "pairs": Double(catchment.pairs)]
        }
    }
}
