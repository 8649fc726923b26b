import Geometry
import TestSupport
import Testing

@Suite struct PackedIndexTests {
    static let globe = BoundingBox<Geographic>.globe

    @Test(arguments: [0, 1, 31, 32, 33, 511, 512, 513, 5000], [91, 92] as [UInt64])
    func points(count: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        // Clustered, with outliers, doubles and gaps.
        let cluster = BoundingBox<Geographic>(minX: 10.5, minY: 50.9, maxX: 13.2, maxY: 53.1)
        var points = (0..<count).map { generator.coordinate(in: $0 % 50 == 0 ? Self.globe : cluster) }
        for index in stride(from: 7, to: count, by: 13) { points[index] = points[index / 2] }
        for index in stride(from: 5, to: count, by: 17) { points[index].x = .nan }
        let index = PointIndex(xs: points.map(\.x), ys: points.map(\.y))
        #expect(index.count == points.filter(\.isFinite).count)
        for _ in 0..<50 {
            let a = generator.coordinate(in: cluster)
            let b = generator.coordinate(in: cluster)
            var box = BoundingBox<Geographic>.empty
            box.formUnion(a)
            box.formUnion(b)
            #expect(index.query(box) == points.indices.filter { box.contains(points[$0]) }, "seed \(seed)")
        }
        #expect(index.query(Self.globe).count == index.count)
        #expect(index.query(.empty).isEmpty)
        if let point = points.first(where: \.isFinite) {
            let box = BoundingBox<Geographic>(minX: point.x, minY: point.y, maxX: point.x, maxY: point.y)
            #expect(index.query(box) == points.indices.filter { points[$0] == point })
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 257, 3000], [93] as [UInt64])
    func boxes(count: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let boxes = (0..<count).map { number -> BoundingBox<Geographic> in
            let corner = generator.coordinate(in: Self.globe)
            let size = number % 40 == 0 ? 90.0 : 1.0
            return number % 23 == 5
                ? .empty
                : BoundingBox(minX: corner.x, minY: corner.y, maxX: corner.x + size, maxY: corner.y + size)
        }
        let index = BoxIndex(boxes)
        #expect(index.count == boxes.filter { !$0.isEmpty }.count)
        for _ in 0..<50 {
            let corner = generator.coordinate(in: Self.globe)
            let box = BoundingBox<Geographic>(minX: corner.x, minY: corner.y, maxX: corner.x + 9, maxY: corner.y + 9)
            #expect(index.query(box) == boxes.indices.filter { boxes[$0].intersects(box) }, "seed \(seed)")
        }
    }

    @Test func hostileInput() {
        let nasty = [0, -0.0, .leastNonzeroMagnitude, 1e308, -1e308, .infinity, -.infinity, .nan]
        let index = PointIndex(xs: nasty, ys: nasty.reversed())
        #expect(
            index.query(BoundingBox(minX: -.infinity, minY: -.infinity, maxX: .infinity, maxY: .infinity)) == [3, 4])
        #expect(index.query(BoundingBox(minX: .nan, minY: .nan, maxX: .nan, maxY: .nan)).isEmpty)
        let whole = BoundingBox<Geographic>(minX: -.infinity, minY: -.infinity, maxX: .infinity, maxY: .infinity)
        let boxes = BoxIndex([whole, .globe])
        #expect(boxes.query(BoundingBox(minX: 500, minY: 500, maxX: 500, maxY: 500)) == [0])
        #expect(boxes.query(BoundingBox(minX: 0, minY: 0, maxX: 0, maxY: 0)) == [0, 1])
    }

    @Test func sameInputSameOrder() {
        var generator = SeededGenerator(seed: 94)
        let points = (0..<2000).map { _ in generator.coordinate(in: Self.globe) }
        func order() -> [Int] {
            var order: [Int] = []
            PointIndex(xs: points.map(\.x), ys: points.map(\.y)).forEach(in: Self.globe) { order.append($0) }
            return order
        }
        #expect(order() == order())
    }
}
