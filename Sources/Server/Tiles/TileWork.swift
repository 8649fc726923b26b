import Analysis
import NIOCore
import VectorTiles

/// The making of one tile for a request.
struct TileWork: Sendable {
    let served: ServedSnapshot
    /// The tile; nil where the tileset has none at the zoom.
    let address: TileAddress?
    let request: TileQuery

    /// The most steps of a tile that is made where its request stands: about a quarter of a millisecond of a 2026 server
    /// core, a bound on how long the other connections of the loop wait.
    private static let mostStepsOfLightWork = 20_000

    /// The bytes of the tile where all that it needs is at hand and making it is light; nil where it is work for the
    /// workers.
    func lightBytes() throws -> [UInt8]? {
        guard let address else { return [] }
        guard request.questions.isEmpty,
            let additions = served.tileAnswers.additionsAtHand(layers: request.layers, zoom: address.z),
            let offers = served.tilePointsAtHand(matching: request.filter)
        else { return nil }
        var plans: [TilePlan] = []
        var steps = 0
        for layers in passes {
            guard
                let plan = try served.tiles.plan(
                    address, offers: offers, layers: layers, clusters: request.clusters, isAtHandOnly: true)
            else { return nil }
            steps += plan.steps
            plans.append(plan)
        }
        guard steps <= Self.mostStepsOfLightWork else { return nil }
        return try plans.count == 1 ? plans[0].bytes(additions) : plans.flatMap { try $0.bytes(additions) }
    }

    /// The bytes of the tile. Blocks for as long as making it, and what it needs, takes.
    func bytes(_ cancellation: Cancellation) throws -> [UInt8] {
        guard let address else { return [] }
        let offers = try served.tilePoints(matching: request.filter, cancellation: cancellation)
        let additions = try served.tileAnswers.additions(
            layers: request.layers, zoom: address.z, questions: request.questions, cancellation: cancellation)
        return try passes.flatMap {
            try served.tiles.tile(
                address, offers: offers, layers: $0, clusters: request.clusters, additions: additions)
        }
    }

    /// The layers that are encoded together: a tile is its layers one behind the other, and where they stand in
    /// another order than the tileset's each is encoded by itself.
    private var passes: [[String]?] {
        guard let layers = request.layers, request.isOrdered else { return [request.layers] }
        return layers.map { [$0] }
    }
}
