/// What discs leave open of a surface.
public struct UncoveredSurface: Sendable {
    /// The open parts: valid polygons that do not overlap, with the winding of RFC 7946.
    public var surface: MultiPolygon<Projected>
    /// Whether nothing of the surface is covered: `surface` is then the surface itself.
    public var isWhole: Bool
    /// Whether GEOS's overlay had to decide.
    public var isByOverlay: Bool

    static let none = UncoveredSurface(surface: MultiPolygon([]), isWhole: false, isByOverlay: false)
}

extension DiscUnion {
    /// The cuts of one surface: the first of the two steps of `uncovered`, so that surfaces can be shared out to threads.
    public struct SurfaceCuts: Sendable {
        let cuts: BorderCuts

        /// Whether discs cover the whole surface, as far as its box tells.
        public var isCovered: Bool {
            if case .covered = cuts.extent { true } else { false }
        }
    }

    /// Finds where the border of a surface crosses the border of the union.
    public func findCuts(_ surface: Int, of borders: SurfaceBorders) -> SurfaceCuts {
        SurfaceCuts(cuts: cuts(surface, of: borders))
    }

    /// For each surface the arcs that lie wholly in it, from the cuts of all surfaces. - Complexity: O(arcs + cuts)
    public func enclosedArcs(_ cuts: [SurfaceCuts], of borders: SurfaceBorders) -> [[Int32]] {
        var isCut = [Bool](repeating: false, count: arcs.count)
        for cut in cuts.lazy.flatMap(\.cuts.cuts) { isCut[Int(cut.arc)] = true }
        var result = [[Int32]](repeating: [], count: borders.count)
        for (number, arc) in arcs.enumerated() where !isCut[number] {
            // Any place of the arc will do: it is all inside or all outside.
            let middle = Int((arc.start + arc.end) / 2)
            let sample: Position
            if Double(middle) > arc.start {
                sample = outlines.vertex(Int(arc.outline), outlines.wrapped(middle))
            } else {
                let a = outlines.vertex(Int(arc.outline), outlines.wrapped(middle))
                let b = outlines.vertex(Int(arc.outline), outlines.wrapped(middle + 1))
                let along = (arc.start + arc.end) / 2 - Double(middle)
                sample = Position(x: a.x + (b.x - a.x) * along, y: a.y + (b.y - a.y) * along)
            }
            if let surface = borders.surface(at: sample) {
                result[surface].append(Int32(number))
            }
        }
        return result
    }

    /// What the union leaves open of a surface.
    ///
    /// - Parameters:
    ///   - cuts: the surface's cuts.
    ///   - enclosed: the arcs that lie wholly in it.
    ///   - geos: what checks the result, and decides where the fast way gives no clear answer.
    /// - Complexity: O(open vertices · log)
    /// - Throws: `GeometryError.geos`.
    public func uncovered(
        _ surface: Int, of borders: SurfaceBorders, _ cuts: SurfaceCuts, enclosed: [Int32],
        _ geos: borrowing GEOSContext
    ) throws(GeometryError) -> UncoveredSurface {
        switch cuts.cuts.extent {
        case .covered: return .none
        case .doubtful: return try overlay(surface, of: borders, geos)
        case .open: break
        }
        if cuts.cuts.cuts.isEmpty, enclosed.isEmpty {
            // No border of the union inside: all of it is covered, or nothing.
            if cuts.cuts.startsCovered.allSatisfy({ $0 }) { return .none }
            if !cuts.cuts.startsCovered.contains(true) {
                return UncoveredSurface(surface: borders.surfaces[surface], isWhole: true, isByOverlay: false)
            }
        }
        var tracer = OpenBorderTracer(union: self, borders: borders, surface: surface)
        guard let rings = tracer.rings(cuts.cuts, enclosed: enclosed),
            let result: MultiPolygon<Projected> = RingNesting.surface(rings),
            try geos.validity(of: result).isValid
        else { return try overlay(surface, of: borders, geos) }
        return UncoveredSurface(surface: result, isWhole: false, isByOverlay: false)
    }

    /// The same by GEOS's overlay.
    private func overlay(
        _ surface: Int, of borders: SurfaceBorders, _ geos: borrowing GEOSContext
    ) throws(GeometryError) -> UncoveredSurface {
        let box = borders.boxes[surface]
        var near: [MultiPolygon<Projected>] = []
        for outline in 0..<outlines.count {
            var ring = Ring<Projected>(
                Array(outlines.vertices[outline * outlines.vertexCount..<(outline + 1) * outlines.vertexCount]))
            if let first = ring.coordinates.first { ring.coordinates.append(first) }
            if ring.boundingBox.intersects(box) { near.append(MultiPolygon([Polygon(exterior: ring)])) }
        }
        // Discs without an outline are hidden; what they alone cover are whole parts of the tree.
        near += tree.coveredParts(meeting: box).map { MultiPolygon([$0.polygon]) }
        let rest = try geos.difference(borders.surfaces[surface], geos.union(near))
        return UncoveredSurface(surface: rest.rightHanded, isWhole: near.isEmpty, isByOverlay: true)
    }
}
