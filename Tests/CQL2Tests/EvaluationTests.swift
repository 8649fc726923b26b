import CQL2
import Geometry
import Testing

struct Rows: PropertyValues {
    var values: [Value]
    var boxes: [Int: BoundingBox<Geographic>] = [:]

    func value(of queryable: Int) -> Value { values[queryable] }
    func bounds(of queryable: Int) -> BoundingBox<Geographic>? { boxes[queryable] }
}

/// For filters whose relations boxes decide.
struct NoRelations: SpatialRelations {
    func holds(_ relation: SpatialRelation, _ first: SpatialOperand, _ second: SpatialOperand) throws(Never) -> Bool {
        Issue.record("boxes should have decided")
        return false
    }
}

struct EvaluationTests {
    static let queryables = [
        Queryable("s", .string), Queryable("n", .number), Queryable("b", .boolean), Queryable("d", .date),
        Queryable("t", .timestamp), Queryable("g", .geometry), Queryable("l", .list), Queryable("nothing", .string),
        Queryable("none", .number), Queryable("i", .interval),
    ]

    static let row = Rows(values: [
        .string("Straße 5"), .integer(9_007_199_254_740_993), .boolean(true), day("2022-04-16"),
        time("2022-04-16T10:13:19.5Z"),
        .geometry(.point(Coordinate(longitude: 11.6, latitude: 52.1))),
        .list([.string("a"), .string("b"), .string("b")]), .null, .real(.nan),
        .interval(Interval(start: CalendarDate("2022-01-01").map { .date($0) }, end: nil)),
    ])

    private static func day(_ text: String) -> Value { CalendarDate(text).map { .date($0) } ?? .null }
    private static func time(_ text: String) -> Value { Timestamp(text).map { .timestamp($0) } ?? .null }

    /// Comparing in both directions at every level would take 2^60 steps.
    @Test func arraysWithinArraysAreComparedOnce() throws {
        let nested = { (depth: Int, core: String) in
            String(repeating: "(", count: depth) + core + String(repeating: ")", count: depth)
        }
        #expect(try truth("A_EQUALS(\(nested(60, "'a', 'b'")), \(nested(60, "'b', 'a', 'b'")))") == true)
        #expect(try truth("A_EQUALS(\(nested(60, "'a', 'b'")), \(nested(60, "'b'")))") == false)
        #expect(try truth("A_EQUALS((('a'), ('b'), ('a')), (('b'), ('a')))") == true)
        #expect(try truth("A_EQUALS((('a'), ('b')), (('b'), ('b')))") == false)
    }

    private func truth(_ text: String) throws -> Bool? {
        try Filter(text: text).bind(to: Self.queryables).truth(of: Self.row, relations: NoRelations())
    }

    @Test(arguments: [
        "s = 'Straße 5'", "s > 'Strasse'", "s < 'Straßf'", "'z' > 'Z'", "'é' > 'z'", "'\u{65}\u{301}' <> 'é'",
        "'' < 'a'",
        "'\u{FFFD}' < '😀'", "n = 9007199254740993", "n > 9007199254740992.0", "n <> 9007199254740992",
        "n < 9007199254740994.0", "1 = 1.0", "0.1 + 0.2 <> 0.3", "1 < 1e300", "-1e300 < n", "b = TRUE", "b > FALSE",
        "b <> false", "(n > 1) = TRUE", "7 / 2 = 3.5", "7 div 2 = 3", "-7 div 2 = -3", "7 % 3 = 1", "-7 % 3 = -1",
        "2 ^ 10 = 1024", "-2 ^ 2 = 4", "2 + 3 * 4 ^ 2 = 50", "(2 + 3) * 4 = 20", "10 - 2 - 3 = 5", "8 / 4 / 2 = 1",
        "9223372036854775807 + 1 = 9223372036854775808", "7.5 div 2 = 3", "n - 9007199254740992 = 1",
    ])
    func scalars(_ text: String) throws { #expect(try truth(text) == true) }

    @Test(arguments: [
        "s LIKE 'Stra_e%'", "s LIKE '%'", "s LIKE 'Straße 5'", "s LIKE '%5'", "s LIKE '%a%e%'", "s NOT LIKE 'straße%'",
        "s NOT LIKE 'Straße'", "s ILIKE 'sTRASS%'", "s NOT ILIKE 'sTRASS'", "s NOT LIKE ''", "'50%' LIKE '50\\%'",
        "'505' NOT LIKE '50\\%'", "'a_b' LIKE 'a\\_b'",
        "'axb' NOT LIKE 'a\\_b'", "'a\\b' LIKE 'a\\\\b'", "'' LIKE ''", "'' LIKE '%'", "'ab' LIKE '%_b%'",
        "'b' NOT LIKE '%_b'",
        "'日本' LIKE '_本'", "'日本' LIKE '__'", "'日本' NOT LIKE '_'", "'aab' LIKE '%ab'", "'xß' LIKE '%_'",
        "CASEI(s) = CASEI('STRASSE 5')", "CASEI(s) LIKE CASEI('sTRASSE_5')", "CASEI('ΟΔΟΣ') = CASEI('οδος')",
        "ACCENTI('Köthen') = ACCENTI('Kothen')", "ACCENTI('łódź') = 'lodz'", "ACCENTI('e\u{301}') = 'e'",
        "ACCENTI('が') <> ACCENTI('か')", "ACCENTI('が') LIKE ACCENTI('_')", "CASEI(ACCENTI('ÄÉ')) = ACCENTI(CASEI('ae'))",
    ])
    func texts(_ text: String) throws { #expect(try truth(text) == true) }

    @Test(arguments: [
        "nothing = 'x'", "nothing <> 'x'", "nothing = nothing", "NOT nothing = 'x'", "nothing LIKE '%'", "none > 1",
        "nothing IN ('a')", "'a' IN ('b', nothing)", "'a' NOT IN ('b', nothing)", "n + none = 1", "n / 0 = 1",
        "n % 0 = 1",
        "n div 0 = 1", "(-8) ^ 0.5 = 1", "1e300 * 1e300 > 1", "none BETWEEN 1 AND 2", "1 BETWEEN 0 AND none",
        "CASEI(nothing) = 'x'", "nothing = 'x' AND TRUE", "nothing = 'x' OR FALSE",
        "A_CONTAINS(l, ('a', nothing))", "A_EQUALS((nothing), ('a'))",
    ])
    func unknowns(_ text: String) throws {
        #expect(try truth(text) == nil)
        #expect(
            try Filter(text: text).bind(to: Self.queryables).matches(Self.row, relations: NoRelations()) == false)
    }

    @Test(arguments: [
        "nothing IS NULL", "none IS NULL", "s IS NOT NULL", "(nothing = 'x') IS NULL", "(n / 0) IS NULL",
        "POINT(1 2) IS NOT NULL",
        "nothing = 'x' OR TRUE", "NOT (nothing = 'x' AND FALSE)", "'a' IN ('a', nothing)", "NOT 3 BETWEEN 4 AND none",
        "n IN (1, 9007199254740993)", "n NOT IN (9007199254740992)", "2 BETWEEN 2 AND 2", "NOT 2 BETWEEN 3 AND 1",
        "s BETWEEN 'S' AND 'T'",
    ])
    func nullsAndLists(_ text: String) throws { #expect(try truth(text) == true) }

    @Test(arguments: [
        "d = DATE('2022-04-16')", "d < DATE('2022-04-17')", "t > TIMESTAMP('2022-04-16T10:13:19Z')",
        "t < TIMESTAMP('2022-04-16T10:13:19.500000001Z')", "t = DATE('2022-04-16')", "t < DATE('2022-04-17')",
        "t > DATE('2022-04-15')", "NOT t > DATE('2022-04-16')", "d IN (DATE('2022-04-16'))",
        "d BETWEEN DATE('2022-04-16') AND DATE('2022-04-16')",
        "t > '2022-04-16T10:13:19Z'", "'2022-04-17' > d", "d IN ('2022-04-15', '2022-04-16')",
        "t BETWEEN '2022-04-16' AND '2022-04-16'", "NOT d < '2022-04-16'", "'2022-04-16' < 'd'",
        "T_AFTER(d, DATE('2022-04-15'))",
        "T_BEFORE(t, DATE('2022-04-17'))",
        "T_EQUALS(d, INTERVAL('2022-04-16', '2022-04-16'))", "T_INTERSECTS(d, INTERVAL('..', '2022-04-16'))",
        "T_DISJOINT(d, INTERVAL('2022-04-17', '..'))", "T_INTERSECTS(i, DATE('2999-01-01'))",
        "T_AFTER(i, DATE('2021-12-31'))",
        "NOT T_BEFORE(i, DATE('9999-12-31'))", "T_EQUALS(i, INTERVAL('2022-01-01', '..'))",
        "T_CONTAINS(INTERVAL('..', '..'), INTERVAL(d, d))", "T_STARTEDBY(i, INTERVAL('2022-01-01', '2022-02-01'))",
        "T_STARTS(INTERVAL('2022-01-01', '2022-02-01'), i)", "T_FINISHEDBY(INTERVAL('2021-01-01', '..'), i)",
        "T_FINISHES(i, INTERVAL('2021-01-01', '..'))", "T_MEETS(INTERVAL('..', '2022-01-01'), i)",
        "T_METBY(i, INTERVAL('..', '2022-01-01'))", "T_OVERLAPS(INTERVAL('2021-01-01', '2022-06-01'), i)",
        "T_OVERLAPPEDBY(i, INTERVAL('2021-01-01', '2022-06-01'))",
        "T_DURING(INTERVAL('2022-02-01', '2022-03-01'), i)", "T_INTERSECTS(INTERVAL('..', '..'), INTERVAL('..', '..'))",
        "T_EQUALS(INTERVAL('..', '..'), INTERVAL('..', '..'))",
    ])
    func times(_ text: String) throws { #expect(try truth(text) == true) }

    /// Exactly one of Allen's thirteen relations holds between two intervals that are longer than an instant.
    @Test func temporalRelationsPartitionTheIntervals() throws {
        let thirteen: [TemporalRelation] = [
            .after, .before, .contains, .during, .equals, .finishedBy, .finishes, .meets, .metBy, .overlappedBy,
            .overlaps,
            .startedBy, .starts,
        ]
        let days = (1...5).map { "'2022-01-0\($0)'" } + ["'..'"]
        var intervals: [String] = []
        for start in ["'..'"] + days.dropLast() {
            for end in days where start == "'..'" || end == "'..'" || start < end {
                intervals.append("INTERVAL(\(start), \(end))")
            }
        }
        for first in intervals {
            for second in intervals {
                let holding = try thirteen.filter {
                    try truth("\($0.rawValue)(\(first), \(second))") == true
                }
                #expect(holding.count == 1, "\(first) \(second): \(holding)")
                let isDisjoint = try truth("T_DISJOINT(\(first), \(second))")
                #expect(isDisjoint == (holding == [.after] || holding == [.before]))
                #expect(try truth("T_INTERSECTS(\(first), \(second))") == isDisjoint.map { !$0 })
            }
        }
    }

    @Test(arguments: [
        "A_EQUALS(l, ('b', 'a'))", "A_CONTAINS(l, ('a'))", "A_CONTAINS(l, ())", "NOT A_CONTAINS(l, ('a', 'c'))",
        "A_CONTAINEDBY(l, ('a', 'b', 'c'))", "A_OVERLAPS(l, ('c', 'a'))", "NOT A_OVERLAPS(l, ('c'))",
        "NOT A_OVERLAPS(l, ())",
        "A_EQUALS((1, 2), (2.0, 1))", "A_EQUALS((('a'), ('b')), (('b'), ('a')))", "NOT A_EQUALS(('1'), (1))",
        "A_EQUALS((d), (DATE('2022-04-16')))", "A_EQUALS((POINT(1 2)), (POINT(1 2)))", "A_CONTAINS((n > 1, 2), (TRUE))",
    ])
    func arrays(_ text: String) throws { #expect(try truth(text) == true) }

    @Test(arguments: [
        ("S_INTERSECTS(g, BBOX(11, 52, 12, 53))", true),
        ("S_INTERSECTS(g, BBOX(170, 52, -170, 53))", false), ("S_DISJOINT(g, BBOX(170, 52, -170, 53))", true),
        ("S_WITHIN(g, BBOX(12, 52, 13, 53))", false), ("S_TOUCHES(BBOX(12, 52, 13, 53), g)", false),
        ("S_INTERSECTS(BBOX(11.6, 52.1, 12, 53), g)", true), ("S_DISJOINT(g, BBOX(11, 52, 12, 53))", false),
    ])
    func boxes(_ text: String, _ expected: Bool) throws {
        #expect(try truth(text) == expected)
    }

    /// A row whose box is decisive does not have to read its geometry.
    @Test func boxesOfRowsSpareTheirGeometries() throws {
        let filter = try Filter(text: "S_INTERSECTS(g, BBOX(0, 0, 10, 10))").bind(to: [Queryable("g", .geometry)])
        let inside = BoundingBox<Geographic>(minX: 1, minY: 1, maxX: 2, maxY: 2)
        let outside = BoundingBox<Geographic>(minX: 11, minY: 1, maxX: 12, maxY: 2)
        #expect(filter.matches(Rows(values: [.null], boxes: [0: inside]), relations: NoRelations()))
        #expect(!filter.matches(Rows(values: [.null], boxes: [0: outside]), relations: NoRelations()))
        #expect(!filter.matches(Rows(values: [.null], boxes: [0: .empty]), relations: NoRelations()))
        #expect(filter.truth(of: Rows(values: [.null]), relations: NoRelations()) == nil)
    }

    @Test func flatBoxes() throws {
        let relations = GEOSRelations()
        let queryables = [Queryable("g", .geometry)]
        let row = Rows(values: [.geometry(.lineString([Coordinate(x: 0, y: 0), Coordinate(x: 10, y: 10)]))])
        for (box, expected) in [
            ("5, 5, 5, 5", true), ("5, 6, 5, 6", false), ("5, 0, 5, 9", true), ("0, 9, 8, 9", false),
            ("180, 0, 3, 0", true),
            ("4, 0, -180, 9", true), ("170, 5, -170, 5", false),
        ] {
            let filter = try Filter(text: "S_INTERSECTS(g, BBOX(\(box)))").bind(to: queryables)
            #expect(try filter.matches(row, relations: relations) == expected, "\(box)")
        }
    }

    @Test func axesAndTransformations() throws {
        let queryables = [Queryable("g", .geometry)]
        let row = Rows(values: [.geometry(.point(Coordinate(longitude: 11.6, latitude: 52.1)))])
        let swapped = try Filter(text: "S_INTERSECTS(g, BBOX(52, 11, 53, 12))", domain: .latitudeLongitude)
        #expect(try swapped.bind(to: queryables).matches(row, relations: NoRelations()))
        let wrapped = try Filter(text: "S_INTERSECTS(g, BBOX(52, 170, 53, -170))", domain: .latitudeLongitude)
        #expect(try !wrapped.bind(to: queryables).matches(row, relations: NoRelations()))

        let projected = try Filter(text: "S_INTERSECTS(g, BBOX(1150, 5200, 1170, 5300))", domain: .projected)
        let relations = GEOSRelations()
        let bound = try projected.bind(to: queryables) { geometry throws(GeometryError) in
            geometry.map { Coordinate(x: $0.x / 100, y: $0.y / 100) }
        }
        #expect(try bound.matches(row, relations: relations))
        #expect(throws: FilterError.self) { try projected.bind(to: queryables) }
        let error = try #require(throws: FilterError.self) {
            try projected.bind(to: queryables) { _ throws(GeometryError) in throw .unknownCRS("EPSG:0") }
        }
        #expect(error.kind == .value && error.offset == 16)
    }

    @Test func necessaryBoxes() throws {
        func boxes(_ text: String) throws -> [BoundingBox<Geographic>]? {
            try Filter(text: text).bind(to: Self.queryables).necessaryBoxes(of: 5)
        }
        let small = BoundingBox<Geographic>(minX: 0, minY: 0, maxX: 1, maxY: 1)
        #expect(try boxes("n = 1") == nil)
        #expect(try boxes("S_DISJOINT(g, BBOX(0,0,1,1))") == nil)
        #expect(try boxes("NOT S_INTERSECTS(g, BBOX(0,0,1,1))") == nil)
        #expect(try boxes("S_WITHIN(g, BBOX(0,0,1,1))") == [small])
        #expect(try boxes("NOT S_DISJOINT(BBOX(0,0,1,1), g)") == [small])
        #expect(
            try boxes("S_INTERSECTS(g, BBOX(0,0,9,9)) AND n = 1 AND S_INTERSECTS(g, LINESTRING(0 0, 1 1))") == [small])
        #expect(try boxes("S_INTERSECTS(g, BBOX(0,0,1,1)) OR n = 1") == nil)
        #expect(try boxes("S_INTERSECTS(g, BBOX(0,0,1,1)) OR S_TOUCHES(g, BBOX(0,0,1,1)) OR FALSE") == [small, small])
        #expect(try boxes("S_INTERSECTS(g, BBOX(170,0,-170,1))")?.count == 2)
        #expect(try boxes("FALSE") == [])
    }
}
