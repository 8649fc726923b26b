import Geometry

/// Assigns points to polygons: `points`, `polygons`; `index=kept` leaves the making of the index out of the time.
enum PointInPolygonTask {
    @Sendable
    static func prepare(_ request: Request, _ inputs: Inputs) throws -> () throws -> [String: Double] {
        let table = try inputs.table(request.text("points"))
        let surfaces = try inputs.surfaces(request.text("polygons"), Geographic.self)
        let kept = request.optional("index") == "kept" ? PolygonIndex(surfaces) : nil
        return {
            let index = kept ?? PolygonIndex(surfaces)
            var answers: [Int32] = []
            index.locate(xs: table.columns[0], ys: table.columns[1], into: &answers)
            return ["inside": Double(answers.reduce(0) { $0 + ($1 < 0 ? 0 : 1) })]
        }
    }
}
