/// The square steps that stand for parts of areas too small for a grid.
struct Stamps {
    private var taken: Set<GridPoint> = []
    private(set) var strands: [Strand] = []

    var count: Int { strands.count }

    /// More than any number of outlines around one place, so that a stamp always wins.
    private static let weight: Int32 = 1 << 20

    /// Sets a stamp at a place or, where another one is there, at the nearest free place to its south-east.
    mutating func add(_ area: Int, at place: GridPoint) {
        var place = place
        var isEastward = true
        while !taken.insert(place).inserted {
            if isEastward { place.x += 1 } else { place.y += 1 }
            isEastward.toggle()
        }
        let corners: [(x: Int32, y: Int32)] = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
        strands.append(
            Strand(
                points: corners.map { GridPoint(x: place.x + $0.x, y: place.y + $0.y) },
                sides: [AreaSide(area: Int32(area), winding: Self.weight)]))
    }
}
