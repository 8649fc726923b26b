/// The effective areas of Visvalingam and Whyatt (1993), Line generalisation by repeated elimination of points,
/// The Cartographic Journal 30, 46-51: for each vertex the area at which it is eliminated.
///
/// Made monotone: a vertex never ranks below one that was eliminated before it, so that the simplified line for *any*
/// tolerance is exactly the vertices of at least that rank.
enum VisvalingamRanks {
    /// Ranks of an open or closed line's vertices, in square units of the frame; the two ends are infinite.
    ///
    /// - Parameter pinned: how many of the last surviving inner vertices are infinite as well.
    /// - Complexity: O(n log n)
    static func ranks(of points: [Position], pinned: Int) -> [Double] {
        let count = points.count
        var ranks = [Double](repeating: .infinity, count: count)
        guard count > 2 else { return ranks }
        var previous = (0..<count).map { Int32($0 - 1) }
        var next = (0..<count).map { Int32($0 + 1) }
        var areas = [Double](repeating: .infinity, count: count)
        func area(_ index: Int) -> Double {
            let a = points[Int(previous[index])]
            let b = points[index]
            let c = points[Int(next[index])]
            return abs((a.x - b.x) * (c.y - b.y) - (c.x - b.x) * (a.y - b.y)) / 2
        }
        for index in 1..<(count - 1) { areas[index] = area(index) }
        var heap = IndexedHeap(keys: areas, members: 1..<(count - 1))
        var reached = 0.0
        var remaining = count - 2
        while remaining > pinned, let index = heap.popMinimum() {
            remaining -= 1
            reached = max(reached, heap.keys[index])
            ranks[index] = reached
            let left = Int(previous[index])
            let right = Int(next[index])
            next[left] = Int32(right)
            previous[right] = Int32(left)
            if left > 0 { heap.update(left, to: area(left)) }
            if right < count - 1 { heap.update(right, to: area(right)) }
        }
        return ranks
    }
}

/// A binary heap over indices with changeable keys; equal keys are ordered by index, so that results never depend on
/// the history of the heap.
struct IndexedHeap {
    private(set) var keys: [Double]
    private var heap: [Int32]
    private var positions: [Int32]

    init(keys: [Double], members: Range<Int>) {
        self.keys = keys
        heap = members.map { Int32($0) }
        positions = [Int32](repeating: -1, count: keys.count)
        for (position, member) in heap.enumerated() { positions[Int(member)] = Int32(position) }
        for position in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(position) }
    }

    mutating func popMinimum() -> Int? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        positions[Int(first)] = -1
        if !heap.isEmpty {
            heap[0] = last
            positions[Int(last)] = 0
            siftDown(0)
        }
        return Int(first)
    }

    mutating func update(_ member: Int, to key: Double) {
        keys[member] = key
        let position = Int(positions[member])
        guard position >= 0 else { return }
        siftUp(position)
        siftDown(Int(positions[member]))
    }

    private func precedes(_ a: Int32, _ b: Int32) -> Bool {
        let (x, y) = (keys[Int(a)], keys[Int(b)])
        return x < y || (x == y && a < b)
    }

    private mutating func place(_ member: Int32, at position: Int) {
        heap[position] = member
        positions[Int(member)] = Int32(position)
    }

    private mutating func siftUp(_ start: Int) {
        var position = start
        let member = heap[position]
        while position > 0 {
            let parent = (position - 1) / 2
            guard precedes(member, heap[parent]) else { break }
            place(heap[parent], at: position)
            position = parent
        }
        place(member, at: position)
    }

    private mutating func siftDown(_ start: Int) {
        var position = start
        let member = heap[position]
        while 2 * position + 1 < heap.count {
            var child = 2 * position + 1
            if child + 1 < heap.count, precedes(heap[child + 1], heap[child]) { child += 1 }
            guard precedes(heap[child], member) else { break }
            place(heap[child], at: position)
            position = child
        }
        place(member, at: position)
    }
}
