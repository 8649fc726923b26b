import Analysis
import Geometry

/// The nearest offer of every cell, exact on the ellipsoid: `cells`, `offers`.
enum NearestTask {
    @Sendable
    static func prepare(_ request: Request, _ inputs: Inputs) throws -> () throws -> [String: Double] {
        let cells: [Coordinate<Geographic>] = try inputs.positions(request.text("cells"))
        let offers: [Coordinate<Geographic>] = try inputs.positions(request.text("offers"))
        return {
            let nearest = try NearestOffers(rows: Array(offers.indices), positions: offers)
            guard let access = try nearest.access(from: cells) else { throw BenchError("there is no offer") }
            return ["mean_m": access.distances.reduce(0, +) / Double(cells.count)]
        }
    }
}
