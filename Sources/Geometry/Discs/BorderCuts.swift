/// Where the border of one surface crosses the border of a union of discs.
struct BorderCuts: Sendable {
    /// One crossing.
    struct Cut: Sendable {
        /// The ring of the surface and the place on it: the vertex before, and how far along the segment.
        let ring: Int32
        let segment: Int32
        let along: Double
        /// The arc and the place on its outline, counted as the arc counts it.
        let arc: Int32
        let place: Double
        let position: Position
        /// Whether the border goes into the union here; the arc then leaves the surface.
        let isEntry: Bool
    }

    /// What is true of the whole surface.
    enum Extent: Sendable {
        /// All of its border lies in the union.
        case covered
        /// Some of its border is open, or arcs may lie in it.
        case open
        /// The fast way gives no clear answer.
        case doubtful
    }

    var extent: Extent
    /// Ring by ring, in the order along the ring.
    var cuts: [Cut] = []
    /// For each ring whether its first vertex lies in the union.
    var startsCovered: [Bool] = []
}

extension DiscUnion {
    /// Finds where the border of a surface crosses that of the union.
    ///
    /// - Complexity: O(runs of segments) where nothing is open, else with the open segments and their crossings.
    func cuts(_ surface: Int, of borders: SurfaceBorders) -> BorderCuts {
        let box = borders.boxes[surface]
        let plain = BoundingBox<Unreferenced>(minX: box.minX, minY: box.minY, maxX: box.maxX, maxY: box.maxY)
        if !box.isEmpty, tree.covers(plain) { return BorderCuts(extent: .covered) }
        if doubtful.contains(where: { $0.intersects(plain) }) { return BorderCuts(extent: .doubtful) }
        var result = BorderCuts(extent: .open)
        var near: [Int] = []
        for ring in borders.rings(of: surface) {
            let first = Int(borders.firstVertex[ring])
            let last = Int(borders.firstVertex[ring + 1]) - 1
            let start = result.cuts.count
            for run in Int(borders.firstRun[ring])..<Int(borders.firstRun[ring + 1])
            where !tree.covers(borders.runs[run]) {
                // Most runs meet no arc at all; the others meet few, which their segments share.
                let box = borders.runs[run]
                near.removeAll(keepingCapacity: true)
                edgeIndex.forEach(
                    meeting: BoundingBox(minX: box.minX, minY: box.minY, maxX: box.maxX, maxY: box.maxY)
                ) { near.append($0) }
                guard !near.isEmpty else { continue }
                let from = first + (run - Int(borders.firstRun[ring])) * SurfaceBorders.runLength
                for segment in from..<min(from + SurfaceBorders.runLength, last) {
                    guard cut(ring, segment, borders, near, into: &result) else {
                        return BorderCuts(extent: .doubtful)
                    }
                }
            }
            result.cuts[start...].sort { ($0.segment, $0.along) < ($1.segment, $1.along) }
            let isCovered = covers(borders.vertices[first])
            result.startsCovered.append(isCovered)
            // Entries and exits take turns, and all is as before after one round.
            var isInside = isCovered
            for cut in result.cuts[start...] {
                guard cut.isEntry != isInside else { return BorderCuts(extent: .doubtful) }
                isInside = cut.isEntry
            }
            guard isInside == isCovered else { return BorderCuts(extent: .doubtful) }
        }
        return result
    }

    /// Appends the cuts of one segment by some edges; false where it only touches one of them.
    private func cut(
        _ ring: Int, _ segment: Int, _ borders: SurfaceBorders, _ near: [Int], into result: inout BorderCuts
    ) -> Bool {
        let a = borders.vertices[segment]
        let b = borders.vertices[segment + 1]
        var touches = false
        for number in near {
            let edge = edges[number]
            let arc = arcs[Int(edge.arc)]
            let outline = Int(arc.outline)
            let c = outlines.vertex(outline, outlines.wrapped(Int(edge.vertex)))
            let d = outlines.vertex(outline, outlines.wrapped(Int(edge.vertex) + 1))
            guard let found = SegmentCrossing(a, b, c, d, touches: &touches) else { continue }
            let place = Double(edge.vertex) + found.second
            guard arc.isWhole || (place > arc.start && place < arc.end) else { continue }
            result.cuts.append(
                BorderCuts.Cut(
                    ring: Int32(ring), segment: Int32(segment), along: found.first, arc: edge.arc, place: place,
                    position: found.position, isEntry: found.isToLeft))
        }
        return !touches
    }
}
