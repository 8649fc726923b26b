import CQL2
import TestSupport
import Testing

struct HostileInputTests {
    private func refused(_ bytes: some Sequence<UInt8>, _ kind: FilterError.Kind) throws {
        let bytes = Array(bytes)
        for isJSON in [false, true] {
            let (error, time) = try withProcessorTime {
                try #require(throws: FilterError.self) {
                    _ = isJSON ? try Filter(json: bytes) : try Filter(text: bytes)
                }
            }
            #expect(time < .seconds(2))
            #expect(isJSON || error.kind == kind, "\(error)")
            #expect(error.offset <= bytes.count)
            #expect(error.description.utf8.count < 1_000)
        }
    }

    @Test func depth() throws {
        for count in [130, 10_000, 100_000] {
            try refused(String(repeating: "(", count: count).utf8, .limit)
            try refused(String(repeating: "NOT ", count: min(count, 60_000)).utf8, .limit)
            try refused(("a = " + String(repeating: "-", count: count)).utf8, .limit)
            try refused(("a = 1" + String(repeating: "+1", count: count)).utf8, .limit)
            try refused(String(repeating: "f(", count: count).utf8, .limit)
            try refused(String(repeating: "CASEI(", count: min(count, 40_000)).utf8, .limit)
            try refused(("A_EQUALS(" + String(repeating: "(", count: count)).utf8, .limit)
            let brackets = try #require(throws: FilterError.self) {
                try Filter(json: String(repeating: "[", count: count * 3))
            }
            #expect(brackets.kind == .limit)
            let operations = try #require(throws: FilterError.self) {
                try Filter(json: String(repeating: #"{"op":"not","args":["#, count: min(count, 13_000)))
            }
            #expect(operations.kind == .limit || operations.kind == .syntax)
        }
        // What the limit allows still works.
        let nested = String(repeating: "(", count: 60) + "a = 1" + String(repeating: ")", count: 60)
        #expect(try Filter(text: nested).text() == "a = 1")
        // Also in the encoding that it was not written in.
        var predicate = FilterExpression(.boolean(true))
        for _ in 0..<63 { predicate = FilterExpression(.not(predicate)) }
        let highest = try Filter(predicate)
        #expect(try Filter(json: try highest.json()) == highest)
        #expect(try Filter(text: try highest.text()) == highest)
        let higher = try Filter(FilterExpression(.not(predicate)))
        #expect(throws: FilterError.self) { try Filter(json: try higher.json()) }
        #expect(throws: FilterError.self) { try Filter(text: try higher.text()) }
    }

    @Test func sizes() throws {
        try refused(String(repeating: "a", count: 1_000_000).utf8, .limit)
        try refused(String(repeating: "'", count: 5_000_000).utf8, .limit)
        try refused(("a = 1" + String(repeating: " OR a = 1", count: 3_000)).utf8, .limit)
        try refused(("a IN (1" + String(repeating: ",1", count: 3_000) + ")").utf8, .limit)
        let line = "S_INTERSECTS(g, LINESTRING(0 0" + String(repeating: ",1 1", count: 20_000) + "))"
        try refused(line.utf8, .limit)
        let million = "S_INTERSECTS(g, LINESTRING(0 0" + String(repeating: ",1 1", count: 1_000_000) + "))"
        try refused(million.utf8, .limit)
        let json =
            #"{"op":"s_intersects","args":[{"property":"g"},{"type":"LineString","coordinates":[[0,0]"#
            + String(repeating: ",[1,1]", count: 20_000) + "]}]}"
        let error = try #require(throws: FilterError.self) { try Filter(json: json) }
        #expect(error.kind == .limit && error.message.contains("10000 positions"))
        #expect(throws: Never.self) {
            try Filter(text: line, limits: FilterLimits(vertices: 20_001))
        }
    }

    @Test(
        arguments: [
            [0xFF], [0x61, 0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
            [0x27, 0xC3, 0x27],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func invalidEncodings(_ bytes: [UInt8]) throws {
        let error = try #require(throws: FilterError.self) { try Filter(text: bytes) }
        #expect(error.kind == .encoding)
        #expect(throws: FilterError.self) { try Filter(json: bytes) }
    }

    /// Predicates with bytes changed, removed and repeated at random: an error with its place, or a filter that
    /// survives the round trip.
    @Test func mutations() throws {
        var generator = SeededGenerator(seed: 21_065)
        let sources = [
            "((NOT name LIKE 'B_r%' AND pop_other between 1000000 and 3.0e6) OR \"date\" in (DATE('2021-04-16')))",
            "S_INTERSECTS(geom,MULTIPOLYGON(((-180 -90, -90 -90, -90 90, -180 -90)),((0 0, 10 0, 10 10, 0 0))))",
            "T_FINISHES(interval('2022-04-16T10:13:19Z','..'),interval(start,end)) or a_equals(x, ((1,2),('a')))",
            "accenti(CASEI(name)) = 'KØBEN''HAVN' and -x ^ 2 div 3 % 4 <> f(g(), BBOX(150,-90,-150,90)) is not null",
            #"{"op":"and","args":[{"op":"in","args":[{"property":"name"},["K\u00f8b","\\"]]},{"op":"s_within","args":"#
                + #"[{"property":"geom"},{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}]}]}"#,
        ]
        let signs = Array("'\"()[]{},.:-+*/%^<>=\\ eEzZ09_aé\u{0}".utf8) + [0xFF, 0xC3, 0x80]
        var accepted = 0
        for _ in 0..<20_000 {
            let source = generator.pick(sources)
            let isJSON = source.hasPrefix("{")
            var bytes = Array(source.utf8)
            for _ in 0...generator.number(0...3) {
                let place = generator.number(0...max(0, bytes.count - 1))
                guard place < bytes.count else { continue }
                switch generator.number(0...3) {
                case 0: bytes[place] = generator.pick(signs)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(generator.pick(signs), at: place)
                default:
                    let end = generator.number(place...min(bytes.count, place + 12))
                    bytes.insert(contentsOf: bytes[place..<end], at: generator.number(0...bytes.count))
                }
            }
            do throws(FilterError) {
                let filter = isJSON ? try Filter(json: bytes) : try Filter(text: bytes)
                accepted += 1
                #expect(try Filter(json: try filter.json()) == filter)
                do throws(FilterError) {
                    let text = try filter.text()
                    #expect(try Filter(text: text) == filter, "\(text)")
                } catch {
                    #expect(error.kind == .inexpressible && isJSON, "\(error)")
                }
            } catch {
                #expect(error.offset <= bytes.count && !error.message.isEmpty)
            }
        }
        #expect(accepted > 500)
    }

    @Test func patternsDoNotExplode() throws {
        let pattern = String(repeating: "%a", count: 500) + "%b"
        let filter = try Filter(text: "name LIKE '\(pattern)'").bind(to: [Queryable("name", .string)])
        let row = Rows(values: [.string(String(repeating: "a", count: 20_000))])
        let (matches, time) = withProcessorTime { filter.matches(row, relations: NoRelations()) }
        #expect(matches == false)
        #expect(time < .seconds(2))
    }
}
