extension ChordTree {
    /// A point that may be in an answer.
    struct Candidate {
        let number: Int32
        let squaredChord: Double
    }

    /// All points that may be among the `count` nearest to a point along the geodesic, and no two of the same number.
    ///
    /// Takes one more than asked for by the chord: where that one is out of reach of the last one asked for, chord and
    /// geodesic agree on which points are in the answer. Otherwise everything within reach is collected.
    /// - Parameter candidates: Emptied, then filled, so that one buffer serves many questions.
    /// - Complexity: O(log n + count²) expected.
    func candidates(_ count: Int, near point: SurfacePoint, into candidates: inout [Candidate]) {
        candidates.removeAll(keepingCapacity: true)
        let wanted = min(count, self.count)
        guard wanted > 0 else { return }
        withSearch { search in
            let vector = point.vector
            var bound = Double.infinity
            search.visit(vector, &bound) { entry, squaredChord, bound in
                guard squaredChord < bound || candidates.count <= wanted else { return }
                if candidates.count > wanted { candidates.removeLast() }
                let place = candidates.firstIndex { $0.squaredChord > squaredChord } ?? candidates.endIndex
                candidates.insert(
                    Candidate(number: search.number(entry), squaredChord: squaredChord), at: place)
                if candidates.count > wanted { bound = candidates[wanted].squaredChord }
            }
            guard candidates.count > wanted else { return }
            var reach = ChordBounds.reach(ofSquaredChord: candidates[wanted - 1].squaredChord)
            guard candidates[wanted].squaredChord <= reach else {
                candidates.removeLast()
                return
            }
            candidates.removeAll(keepingCapacity: true)
            search.visit(vector, &reach) { entry, squaredChord, _ in
                candidates.append(Candidate(number: search.number(entry), squaredChord: squaredChord))
            }
        }
    }

    /// Lends the tree to a search on the calling thread.
    func withSearch<Result>(_ body: (ChordTreeSearch) -> Result) -> Result {
        entries.withUnsafeBufferPointer { entries in
            divisions.withUnsafeBufferPointer { divisions in
                boxes.withUnsafeBufferPointer { boxes in
                    starts.withUnsafeBufferPointer { starts in
                        withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * Int.bitWidth) { nodes in
                            withUnsafeTemporaryAllocation(of: Double.self, capacity: 3) { ordinates in
                                for level in 0..<Int.bitWidth { nodes[Int.bitWidth + level] = 1 << level }
                                return body(
                                    ChordTreeSearch(
                                        entries: entries, divisions: divisions, boxes: boxes, starts: starts,
                                        stack: UnsafeMutableBufferPointer(rebasing: nodes[..<Int.bitWidth]),
                                        path: UnsafeMutableBufferPointer(rebasing: nodes[Int.bitWidth...]),
                                        ordinates: ordinates))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Searches a tree without taking memory; for one thread.
struct ChordTreeSearch {
    /// The nearest point by the chord.
    struct Nearest {
        /// Its place among the entries.
        var entry: Int
        /// The square of the chord, m².
        var squaredChord: Double
        /// Whether it is the nearest along the geodesic, too, and no other is as near; otherwise Karney has to decide.
        var isDecided: Bool
    }

    let entries: UnsafeBufferPointer<SIMD4<Double>>
    let divisions: UnsafeBufferPointer<ChordTree.Division>
    let boxes: UnsafeBufferPointer<ChordTree.Box>
    let starts: UnsafeBufferPointer<Int32>
    /// Nodes left for later: one place for each level of the deepest tree.
    let stack: UnsafeMutableBufferPointer<Int>
    /// For each level the node on the way to the leaf of the point that was asked for before.
    let path: UnsafeMutableBufferPointer<Int>
    /// The point asked for, to be read by axis.
    let ordinates: UnsafeMutableBufferPointer<Double>

    @inline(__always)
    func number(_ entry: Int) -> Int32 { Int32(entries[entry].w) }

    @inline(__always)
    func squaredChord(_ point: SIMD4<Double>, _ entry: Int) -> Double {
        let offset = point - entries[entry]
        return offset.x * offset.x + offset.y * offset.y + offset.z * offset.z
    }

    /// The nearest entry to a point in a tree that is not empty.
    ///
    /// - Parameter first: The place of an entry that may be near, such as the answer for a point close by: the better
    ///   it is, the less is searched.
    /// - Complexity: O(log n) expected.
    @inline(__always)
    func nearest(to point: SIMD4<Double>, first: Int) -> Nearest {
        var best = first
        var shortest = squaredChord(point, first)
        var bound = ChordBounds.quickReach(ofSquaredChord: shortest)
        var second = Double.infinity
        visit(point, &bound) { entry, squaredChord, bound in
            if squaredChord < shortest {
                second = shortest
                (best, shortest) = (entry, squaredChord)
                bound = ChordBounds.quickReach(ofSquaredChord: shortest)
            } else if entry != best {
                second = min(second, squaredChord)
            }
        }
        return Nearest(entry: best, squaredChord: shortest, isDecided: second > bound)
    }

    /// Calls a closure with each entry whose squared chord is within the bound, which the closure may lower. Of each
    /// division the side on which the point lies is searched first, the other one if its box is within the bound.
    ///
    /// A way down through the tree takes one step after the other, each of which waits for memory. Where the search
    /// before went the same way, the steps are taken from it and only confirmed, which the processor does ahead.
    @inline(__always)
    func visit(_ point: SIMD4<Double>, _ bound: inout Double, _ body: (Int, Double, inout Double) -> Void) {
        let firstLeaf = divisions.count
        ordinates[0] = point.x
        ordinates[1] = point.y
        ordinates[2] = point.z
        var pending = 0
        var node = 1
        var level = 1
        while node < firstLeaf {
            let offset = offset(node)
            if offset * offset <= bound {
                stack[pending] = 2 &* node &+ (offset < 0 ? 1 : 0)
                pending &+= 1
            }
            let known = path[level]
            guard (offset < 0) == (known & 1 == 0) else {
                node = 2 &* node &+ (offset < 0 ? 0 : 1)
                path[level] = node
                level &+= 1
                break
            }
            node = known
            level &+= 1
        }
        while node < firstLeaf {
            let offset = offset(node)
            let near = 2 &* node &+ (offset < 0 ? 0 : 1)
            if offset * offset <= bound {
                stack[pending] = near ^ 1
                pending &+= 1
            }
            node = near
            path[level] = node
            level &+= 1
        }
        while true {
            let leaf = node &- firstLeaf
            for entry in Int(starts[leaf])..<Int(starts[leaf &+ 1]) {
                let squaredChord = squaredChord(point, entry)
                if squaredChord <= bound { body(entry, squaredChord, &bound) }
            }
            repeat {
                guard pending > 0 else { return }
                pending &-= 1
                node = stack[pending]
            } while boxes[node].squaredDistance(to: point) > bound
            while node < firstLeaf {
                let offset = offset(node)
                let near = 2 &* node &+ (offset < 0 ? 0 : 1)
                if offset * offset <= bound {
                    stack[pending] = near ^ 1
                    pending &+= 1
                }
                node = near
            }
        }
    }

    /// How far the point asked for lies above the plane that divides a node.
    @inline(__always)
    private func offset(_ node: Int) -> Double {
        let division = divisions[node]
        return ordinates[division.axis] - division.plane
    }
}
