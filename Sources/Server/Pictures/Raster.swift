/// A picture of flat surfaces, filled with soft edges.
///
/// Each pixel counts how much of it a surface covers, by sixteen samples in four lines; a surface is laid over what is
/// there. Coordinates are pixels from the upper left.
struct Raster: Sendable {
    typealias Point = (x: Double, y: Double)

    let width: Int
    let height: Int
    private var pixels: [PNG.Colour]

    private static let samples = 4

    init(width: Int, height: Int, ground: PNG.Colour) {
        self.width = width
        self.height = height
        pixels = Array(repeating: ground, count: width * height)
    }

    /// Fills what closed lines enclose, holes by the even-odd rule. - Complexity: O(height × edges)
    mutating func fill(_ rings: [[Point]], _ colour: PNG.Colour) {
        var edges: [(from: Point, to: Point)] = []
        for ring in rings {
            for (from, to) in zip(ring, ring.dropFirst() + ring.prefix(1)) where from.y != to.y {
                edges.append((from, to))
            }
        }
        guard let top = edges.map({ min($0.from.y, $0.to.y) }).min(),
            let bottom = edges.map({ max($0.from.y, $0.to.y) }).max()
        else { return }
        let rows = max(0, Int(top))..<max(max(0, Int(top)), min(height, Int(bottom) + 1))
        for row in rows {
            var cover = [Int](repeating: 0, count: width)
            for line in 0..<Self.samples {
                let y = Double(row) + (Double(line) + 0.5) / Double(Self.samples)
                let crossings = edges.compactMap { from, to -> Double? in
                    guard (from.y <= y) != (to.y <= y) else { return nil }
                    return from.x + (y - from.y) / (to.y - from.y) * (to.x - from.x)
                }.sorted()
                for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
                    Self.count(from: crossings[pair], to: crossings[pair + 1], in: &cover)
                }
            }
            for (x, covered) in cover.enumerated() where covered > 0 {
                let share = Double(covered) / Double(Self.samples * Self.samples)
                pixels[row * width + x] = pixels[row * width + x].blended(share, into: colour)
            }
        }
    }

    /// Counts the samples of a line between two crossings.
    private static func count(from left: Double, to right: Double, in cover: inout [Int]) {
        let last = cover.count * samples
        let position = { (x: Double) in Int(max(0, min(Double(last), (x * Double(samples) + 0.5).rounded(.down)))) }
        for sample in position(left)..<max(position(left), position(right)) { cover[sample / samples] += 1 }
    }

    /// Fills a disc.
    mutating func disc(_ center: Point, radius: Double, _ colour: PNG.Colour) {
        for y in max(0, Int(center.y - radius))..<max(0, min(height, Int(center.y + radius) + 2)) {
            for x in max(0, Int(center.x - radius))..<max(0, min(width, Int(center.x + radius) + 2)) {
                let dx = Double(x) + 0.5 - center.x
                let dy = Double(y) + 0.5 - center.y
                let cover = max(0, min(1, radius + 0.5 - (dx * dx + dy * dy).squareRoot()))
                if cover > 0 { pixels[y * width + x] = pixels[y * width + x].blended(cover, into: colour) }
            }
        }
    }

    /// The picture as a PNG file. Colours beyond 256 become the nearest of those that are there.
    func png() throws -> [UInt8] {
        var counts: [PNG.Colour: Int] = [:]
        for colour in pixels { counts[colour, default: 0] += 1 }
        let order = { (entry: (key: PNG.Colour, value: Int)) in
            (-entry.value, entry.key.red, entry.key.green, entry.key.blue)
        }
        let palette = counts.sorted { order($0) < order($1) }.prefix(256).map(\.key)
        var positions: [PNG.Colour: UInt8] = [:]
        for (position, colour) in palette.enumerated() { positions[colour] = UInt8(position) }
        let difference = { (a: PNG.Colour, b: PNG.Colour) -> Int in
            let (red, green, blue) = (Int(a.red) - Int(b.red), Int(a.green) - Int(b.green), Int(a.blue) - Int(b.blue))
            return red * red + green * green + blue * blue
        }
        for colour in counts.keys where positions[colour] == nil {
            let nearest = palette.indices.min { difference(palette[$0], colour) < difference(palette[$1], colour) }
            positions[colour] = UInt8(nearest ?? 0)
        }
        return try PNG.encode(pixels.map { positions[$0] ?? 0 }, width: width, palette: palette)
    }
}
