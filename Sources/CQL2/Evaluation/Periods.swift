/// The temporal relations, as OWL-Time (W3C/OGC, sections 4.2.18 and following) defines them between closed intervals.
enum Periods {
    static func holds(_ relation: TemporalRelation, _ first: Interval, _ second: Interval) -> Bool {
        let starts = order(first.start, second.start, unbounded: -1)
        let ends = order(first.end, second.end, unbounded: 1)
        // An end and a start: without either there is no end before any start.
        let endToStart = order(end: first.end, start: second.start)
        let startToEnd = -order(end: second.end, start: first.start)
        return switch relation {
        case .after: startToEnd > 0
        case .before: endToStart < 0
        case .disjoint: startToEnd > 0 || endToStart < 0
        case .intersects: startToEnd <= 0 && endToStart >= 0
        case .equals: starts == 0 && ends == 0
        case .contains: starts < 0 && ends > 0
        case .during: starts > 0 && ends < 0
        case .finishes: starts > 0 && ends == 0
        case .finishedBy: starts < 0 && ends == 0
        case .starts: starts == 0 && ends < 0
        case .startedBy: starts == 0 && ends > 0
        case .meets: endToStart == 0
        case .metBy: startToEnd == 0
        case .overlaps: starts < 0 && endToStart > 0 && ends < 0
        case .overlappedBy: starts > 0 && startToEnd < 0 && ends > 0
        }
    }

    /// -1, 0 or 1 for two starts or two ends; a missing one counts as the sign tells.
    private static func order(_ first: Instant?, _ second: Instant?, unbounded: Int) -> Int {
        switch (first, second) {
        case (nil, nil): 0
        case (nil, _): unbounded
        case (_, nil): -unbounded
        case (let first?, let second?): first.order(second)
        }
    }

    private static func order(end: Instant?, start: Instant?) -> Int {
        guard let end, let start else { return 1 }
        return end.order(start)
    }
}
