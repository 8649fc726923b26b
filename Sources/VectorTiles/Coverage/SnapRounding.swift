/// Turns lines of the grid into edges that meet at their ends only, every end a grid point.
///
/// Iterated snap rounding (Hobby 1999; Halperin and Packer 2002): each vertex and each rounded crossing makes the unit
/// square around it *hot*, and every line that passes a hot square is led through its centre. Lines never pass over a
/// vertex, so what was an area stays an area or becomes nothing, and the neighbours that share a line share the result.
enum SnapRounding {
    /// An edge of the arrangement with what all lines on it say together, for the direction from start to end.
    struct Edge {
        var segment: GridSegment
        var sides: [AreaSide]
    }

    /// Nodes the strands; with `tileLines` they also get a vertex wherever they cross a side of a tile or of a tile's
    /// buffer, so that cutting a tile out never makes a new vertex.
    ///
    /// Edges come in ascending order, each once, its start before its end. What cancels out (a line run both ways by
    /// the same area) is left out.
    /// - Complexity: O(n log n) for lines of even length; the number of rounds is small in practice.
    static func edges(of strands: [Strand], tileLines: Bool) -> [Edge] {
        var pieces: [(segment: GridSegment, strand: Int32, isReversed: Bool)] = []
        for (number, strand) in strands.enumerated() {
            for (start, end) in zip(strand.points, strand.points.dropFirst()) where start != end {
                let isReversed = end < start
                let segment = GridSegment(start: isReversed ? end : start, end: isReversed ? start : end)
                pieces.append((segment, Int32(number), isReversed))
            }
        }
        pieces.sort { lhs, rhs in
            lhs.segment != rhs.segment ? lhs.segment < rhs.segment : lhs.strand < rhs.strand
        }
        var roots: [GridSegment] = []
        var sides: [[AreaSide]] = []
        for piece in pieces {
            let own = strands[Int(piece.strand)].sides
            let directed = piece.isReversed ? own.map(\.reversed) : own
            if roots.last == piece.segment {
                sides[sides.count - 1] += directed
            } else {
                roots.append(piece.segment)
                sides.append(directed)
            }
        }
        let kept = roots.indices.filter { index in
            sides[index] = sides[index].summed()
            return !sides[index].isEmpty
        }
        var noded: [(segment: GridSegment, root: Int32)] = kept.map { (roots[$0], Int32($0)) }
        if tileLines { noded = splitAtTileLines(noded) }
        while split(&noded) {}
        return merged(noded, sides: sides)
    }

    private static func merged(_ pieces: [(segment: GridSegment, root: Int32)], sides: [[AreaSide]]) -> [Edge] {
        var directed: [(segment: GridSegment, root: Int32, isReversed: Bool)] = []
        directed.reserveCapacity(pieces.count)
        for (segment, root) in pieces {
            let isReversed = segment.end < segment.start
            directed.append((isReversed ? segment.reversed : segment, root, isReversed))
        }
        directed.sort { lhs, rhs in lhs.segment != rhs.segment ? lhs.segment < rhs.segment : lhs.root < rhs.root }
        var result: [Edge] = []
        for (segment, root, isReversed) in directed {
            let own = isReversed ? sides[Int(root)].map(\.reversed) : sides[Int(root)]
            if let last = result.indices.last, result[last].segment == segment {
                result[last].sides = (result[last].sides + own).summed()
            } else {
                if result.last?.sides.isEmpty == true { result.removeLast() }
                result.append(Edge(segment: segment, sides: own))
            }
        }
        if result.last?.sides.isEmpty == true { result.removeLast() }
        return result
    }
}

extension SnapRounding {
    private typealias Piece = (segment: GridSegment, root: Int32)

    /// One round: splits pieces at hot squares and crossings; tells whether there was anything to split.
    private static func split(_ pieces: inout [(segment: GridSegment, root: Int32)]) -> Bool {
        let segments = pieces.map(\.segment)
        let cells = SegmentCells(segments)
        var splits: [(piece: Int32, point: GridPoint)] = []
        var vertices = segments.map(\.start) + segments.map(\.end)
        vertices.sort()
        var previous: GridPoint?
        for vertex in vertices where vertex != previous {
            previous = vertex
            for number in cells.segments(in: cells.layout.cell(of: vertex)) {
                if passesHotSquare(segments[Int(number)], of: vertex) { splits.append((number, vertex)) }
            }
        }
        for cell in 0..<cells.layout.count {
            let members = cells.segments(in: cell)
            for first in members.indices.dropLast() {
                let one = segments[Int(members[first])]
                for second in members.index(after: first)..<members.endIndex {
                    guard let point = crossing(one, segments[Int(members[second])]) else { continue }
                    splits.append((members[first], point))
                    splits.append((members[second], point))
                }
            }
        }
        guard !splits.isEmpty else { return false }
        splits.sort { lhs, rhs in
            guard lhs.piece == rhs.piece else { return lhs.piece < rhs.piece }
            let segment = segments[Int(lhs.piece)]
            let (left, right) = (segment.progress(lhs.point), segment.progress(rhs.point))
            return left != right ? left < right : lhs.point < rhs.point
        }
        pieces = divided(pieces, at: splits)
        return true
    }

    private static func divided(
        _ pieces: [(segment: GridSegment, root: Int32)], at splits: [(piece: Int32, point: GridPoint)]
    ) -> [(segment: GridSegment, root: Int32)] {
        var result: [Piece] = []
        result.reserveCapacity(pieces.count + splits.count)
        var next = splits.startIndex
        for (number, piece) in pieces.enumerated() {
            var start = piece.segment.start
            while next < splits.endIndex, splits[next].piece == Int32(number) {
                let point = splits[next].point
                next += 1
                guard point != start, point != piece.segment.end else { continue }
                result.append((GridSegment(start: start, end: point), piece.root))
                start = point
            }
            result.append((GridSegment(start: start, end: piece.segment.end), piece.root))
        }
        return result
    }

    /// Whether a segment passes the unit square around a vertex that is not one of its ends.
    ///
    /// The square is half open (its eastern and its upper side belong to the next one), so that squares tile the plane
    /// and the squares along a segment have one order. Exact: the segment's line meets the open square where the centre
    /// is nearer to it than a corner; where it meets a corner alone, only the south-western one counts.
    private static func passesHotSquare(_ segment: GridSegment, of vertex: GridPoint) -> Bool {
        guard vertex != segment.start, vertex != segment.end, segment.box.contains(vertex) else { return false }
        let deltaX = Int64(segment.end.x) - Int64(segment.start.x)
        let deltaY = Int64(segment.end.y) - Int64(segment.start.y)
        let distance = 2 * vertex.side(of: segment.start, segment.end)
        let reach = abs(deltaX) + abs(deltaY)
        return abs(distance) < reach || (abs(distance) == reach && distance == deltaX - deltaY)
    }

    /// The grid point nearest to where two segments cross inside of both; nil where they meet at ends or not at all.
    private static func crossing(_ one: GridSegment, _ other: GridSegment) -> GridPoint? {
        guard one.box.intersects(other.box) else { return nil }
        let startSide = other.start.side(of: one.start, one.end)
        let endSide = other.end.side(of: one.start, one.end)
        guard startSide.signum() * endSide.signum() < 0 else { return nil }
        let ownStart = one.start.side(of: other.start, other.end)
        let ownEnd = one.end.side(of: other.start, other.end)
        guard ownStart.signum() * ownEnd.signum() < 0 else { return nil }
        // `one` is cut at the share ownStart / (ownStart - ownEnd) of its length.
        let whole = Int128(ownStart) - Int128(ownEnd)
        return GridPoint(
            x: one.start.x + rounded(Int128(one.end.x - one.start.x) * Int128(ownStart), over: whole),
            y: one.start.y + rounded(Int128(one.end.y - one.start.y) * Int128(ownStart), over: whole))
    }

    /// The quotient rounded to the nearest whole number, halves upwards. The result fits: it is a part of a segment.
    private static func rounded(_ numerator: Int128, over denominator: Int128) -> Int32 {
        let (upper, lower) = denominator < 0 ? (-numerator, -denominator) : (numerator, denominator)
        let doubled = 2 * upper + lower
        let (quotient, remainder) = doubled.quotientAndRemainder(dividingBy: 2 * lower)
        return Int32(truncatingIfNeeded: remainder < 0 ? quotient - 1 : quotient)
    }
}

extension SnapRounding {
    /// Splits pieces where they cross a side of a tile or of a tile's buffer, rounding along that side only.
    private static func splitAtTileLines(
        _ pieces: [(segment: GridSegment, root: Int32)]
    ) -> [(segment: GridSegment, root: Int32)] {
        var splits: [(piece: Int32, point: GridPoint)] = []
        for (number, piece) in pieces.enumerated() {
            let segment = piece.segment
            let first = splits.count
            for line in tileLines(between: segment.start.x, segment.end.x) {
                let share = Int128(line - segment.start.x) * Int128(segment.end.y - segment.start.y)
                let y = segment.start.y + rounded(share, over: Int128(segment.end.x - segment.start.x))
                splits.append((Int32(number), GridPoint(x: line, y: y)))
            }
            for line in tileLines(between: segment.start.y, segment.end.y) {
                let share = Int128(line - segment.start.y) * Int128(segment.end.x - segment.start.x)
                let x = segment.start.x + rounded(share, over: Int128(segment.end.y - segment.start.y))
                splits.append((Int32(number), GridPoint(x: x, y: line)))
            }
            splits[first...].sort { segment.progress($0.point) < segment.progress($1.point) }
        }
        return divided(pieces, at: splits)
    }

    /// The ordinates strictly between two others at which a tile or a tile's buffer ends.
    private static func tileLines(between one: Int32, _ other: Int32) -> [Int32] {
        let (low, high) = (min(one, other), max(one, other))
        guard high - low > 1 else { return [] }
        var result: [Int32] = []
        var tile = ((low - TileGrid.buffer) / TileGrid.extent) * TileGrid.extent
        while tile - TileGrid.buffer < high {
            for line in [tile - TileGrid.buffer, tile, tile + TileGrid.buffer] where line > low && line < high {
                result.append(line)
            }
            tile += TileGrid.extent
        }
        return result
    }
}

extension GridSegment {
    /// How far along the segment's direction a point lies; only the order of the numbers has a meaning.
    fileprivate func progress(_ point: GridPoint) -> Int64 {
        (Int64(end.x) - Int64(start.x)) * (Int64(point.x) - Int64(start.x))
            + (Int64(end.y) - Int64(start.y)) * (Int64(point.y) - Int64(start.y))
    }
}
