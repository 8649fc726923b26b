import CQL2
import Testing

/// Each error with its kind and the first characters from the place on that it points at.
struct ErrorTests {
    static let queryables = [
        Queryable("name", .string), Queryable("pop", .number), Queryable("start", .timestamp), Queryable("day", .date),
        Queryable("flag", .boolean), Queryable("geom", .geometry), Queryable("tags", .list),
    ]

    private func check(_ source: String, _ kind: FilterError.Kind, at place: String, _ words: String) throws {
        let error = try #require(throws: FilterError.self, "\(source)") {
            let filter = source.hasPrefix("{") ? try Filter(json: source) : try Filter(text: source)
            _ = try filter.bind(to: Self.queryables)
        }
        #expect(error.kind == kind, "\(source): \(error)")
        #expect(error.message.contains(words), "\(source): \(error)")
        let rest = String(decoding: Array(source.utf8)[error.offset...], as: UTF8.self)
        #expect(place.isEmpty ? rest.isEmpty : rest.hasPrefix(place), "\(source): \(error)")
        // The caret stands under the same place.
        let excerpt = String(String.UnicodeScalarView(error.excerpt.unicodeScalars.dropFirst(error.caret)))
        #expect(
            rest.isEmpty || rest.hasPrefix("\0") || excerpt.unicodeScalars.first == rest.unicodeScalars.first,
            "\(source): \(error)")
    }

    @Test(arguments: [
        ("THIS IS NOT A FILTER", FilterError.Kind.syntax, "A FILTER", "expected NULL, found 'A'"),
        ("", .syntax, "", "expected an operand, found the end"),
        ("name = ", .syntax, "", "expected an operand"),
        ("name = 'x", .syntax, "'x", "no closing quote"),
        ("\"name = 1", .syntax, "\"name", "no closing quote"),
        ("name = 'x' name", .syntax, "name", "expected AND, OR or the end"),
        ("(name = 'x'", .syntax, "", "')'"),
        ("name = 'x')", .syntax, ")", "the end of the filter"),
        ("name ! 'x'", .syntax, "!", "unexpected character '!'"),
        ("name = 1.2.3", .syntax, ".3", "a number ends before"),
        ("pop = 12ab", .syntax, "ab", "a number ends before"),
        ("pop = 1e", .syntax, "", "an exponent needs digits"),
        ("pop = 2 ^ 3 ^ 2", .syntax, "^ 2", "parentheses"),
        ("pop IN ()", .syntax, ")", "expected an operand"),
        ("name NOT = 'x'", .syntax, "= 'x'", "LIKE, BETWEEN or IN"),
        ("pop BETWEEN 1 OR 2", .syntax, "OR", "AND and the upper bound"),
        ("AND name = 'x'", .syntax, "AND", "expected an operand"),
        ("name = NULL", .syntax, "NULL", "expected an operand"),
        ("S_INTERSECTS(geom, POINT(1))", .syntax, "))", "expected a number"),
        ("S_INTERSECTS(geom)", .syntax, ")", "','"),
        ("S_INTERSECTS(geom, BBOX(1,2,3))", .syntax, "))", "four or six"),
        (
            "S_INTERSECTS(geom, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 2))))", .syntax, "GEOMETRYCOLLECTION(P",
            "no collection"
        ),
        ("name = 'a\u{0}b'", .syntax, "\u{0}b", "control character"),
        ("name = \u{0}", .syntax, "\u{0}", "unexpected character U+0000"),
        ("pop = 1e999", .value, "1e999", "too great"),
        ("S_INTERSECTS(geom, POINT(90 180))", .value, "180))", "latitude 180.0 lies outside"),
        ("S_INTERSECTS(geom, MULTIPOINT(7 49, 181 0))", .value, "181", "longitude"),
        ("S_INTERSECTS(geom, POINT(1000000 0))", .value, "1000000", "longitude"),
        ("S_INTERSECTS(geom, BBOX(0, 50, 10, 40))", .value, "0, 50", "second border"),
        ("S_INTERSECTS(geom, POLYGON((0 0, 1 0, 1 1, 0 1)))", .value, "(0 0", "not closed"),
        ("S_INTERSECTS(geom, POLYGON((0 0, 1 0, 0 0)))", .value, "(0 0", "four positions"),
        ("S_INTERSECTS(geom, LINESTRING(0 0))", .value, "(0 0", "two positions"),
        ("S_INTERSECTS(geom, POLYGON EMPTY)", .value, "EMPTY", "empty geometry"),
        ("day = DATE('2021-02-29')", .value, "'2021-02-29'", "is not a day"),
        ("start = TIMESTAMP('2021-02-28T24:00:00Z')", .value, "'2021-02-28T24", "a time in UTC"),
        ("start = TIMESTAMP('2021-02-28T23:00:00+01:00')", .value, "'2021-02-28T23", "a time in UTC"),
        ("T_AFTER(day, INTERVAL('2022-01-02','2022-01-01'))", .value, "INTERVAL", "ends before it begins"),
        ("nam = 'x'", .unknownProperty, "nam", "there is no queryable 'nam'"),
        ("pop = 1 AND NAME = 'x'", .unknownProperty, "NAME", "did you mean 'name'?"),
        ("buffer(geom, 1) = 1", .unknownFunction, "buffer", "no function 'buffer'"),
        ("pop > 5 AND name > 5", .type, "5", "a number cannot be compared with a string"),
        ("day = '2022-04-31'", .type, "'2022", "write DATE('…')"),
        ("'soon' < start", .type, "start", "a timestamp cannot be compared with a string"),
        ("start IN ('2022-04-16T10:13:19Z', '16.4.2022')", .type, "'16.4", "write TIMESTAMP('…')"),
        ("name IN ('a', DATE('2022-04-16'))", .type, "DATE", "a date cannot be compared with a string"),
        ("name = DATE('2022-04-16')", .type, "DATE", "a date cannot be compared with a string"),
        ("name", .type, "name", "'name = TRUE'"),
        ("flag AND pop = 1", .type, "flag", "'flag = TRUE'"),
        ("1 + 2", .type, "1 + 2", "expected a predicate, found a number"),
        ("NOT 'x'", .type, "'x'", "expected a predicate"),
        ("pop + name = 3", .type, "name", "an operand of '+' must be a number"),
        ("pop = 1 + (name = 'x')", .type, "name = 'x'", "not a boolean"),
        ("geom = POINT(1 2)", .type, "POINT", "not a geometry"),
        ("CASEI(pop) = 'x'", .type, "pop", "CASEI must be a string"),
        ("pop LIKE 'x'", .type, "pop", "LIKE must be a string"),
        ("name LIKE name", .type, "name", "the pattern of LIKE"),
        ("S_INTERSECTS(name, POINT(1 2))", .type, "name", "S_INTERSECTS must be a geometry"),
        ("T_AFTER(name, DATE('2020-01-01'))", .type, "name", "T_AFTER"),
        ("T_DURING(day, INTERVAL('2020-01-01','..'))", .type, "day", "must be an interval, not a date"),
        ("T_AFTER(day, INTERVAL('2020-01-01','2020-01-01T00:00:00Z'))", .type, "'2020-01-01T", "both bounds"),
        ("A_CONTAINS(pop, (1))", .type, "pop", "must be an array"),
        ("name IN ('a', 1)", .type, "1", "a number cannot be compared with a string"),
        ("name LIKE 'x\\\\\\'", .syntax, "'x", "no closing quote"),
        (#"{"op":"like","args":[{"property":"name"},"x\\"]}"#, .value, "\"x", "lone '\\'"),
        (#"{"op":"and","args":[true]}"#, .syntax, "\"and\"", "at least 2 arguments, not 1"),
        (#"{"op":"=","args":[{"property":"name"}]}"#, .syntax, "\"=\"", "needs 2 arguments"),
        (#"{"op":"AND","args":[true,true]}"#, .syntax, "\"AND\"", "mind upper and lower case"),
        (#"{"op":"!!","args":[]}"#, .syntax, "\"!!\"", "no operation '!!'"),
        (#"{"op":"=","args":[{"property":"name"},null]}"#, .syntax, "null", "null is no operand"),
        (#"{"op":"=","args":[1,1],"x":1}"#, .syntax, "\"x\"", "unexpected member 'x'"),
        (#"{"op":"=","op":"="}"#, .syntax, "\"op\":\"=\"}", "occurs twice"),
        (#"{"op":"="}"#, .syntax, "{", "'args'"),
        (#"{"op":"=","args":[01,1]}"#, .syntax, "01,1", "malformed number"),
        (#"{"op":"=","args":["\ud800",1]}"#, .syntax, "\\ud800", "no escape"),
        (#"{"op":"=","args":["\u0000",1]}"#, .syntax, "\\u0000", "control character"),
        (
            #"{"op":"s_intersects","args":[{"property":"geom"},{"type":"Point","coordinates":[90,180]}]}"#, .value,
            "180", "latitude"
        ),
        (
            #"{"op":"s_intersects","args":[{"property":"geom"},{"type":"Curve","coordinates":[9,8]}]}"#, .syntax,
            "\"Curve\"", "no geometry type"
        ),
        (
            #"{"op":"=","args":[{"property":"nam"},"x"]}"#, .unknownProperty, "{\"property\":\"nam\"",
            "no queryable 'nam'"
        ),
    ])
    func places(_ source: String, _ kind: FilterError.Kind, _ place: String, _ words: String) throws {
        try check(source, kind, at: place, words)
    }

    @Test func description() throws {
        let error = try #require(throws: FilterError.self) { _ = try Filter(text: "größe >\n = = 3") }
        #expect(error.character == 12)
        #expect(error.description == "expected an operand, found '=', at character 12:\ngröße >  = = 3\n           ^")
    }

    @Test func longSourcesAreQuotedInPart() throws {
        let source =
            String(repeating: "pop = 1 AND ", count: 30) + "? AND " + String(repeating: "pop = 1 AND ", count: 30)
        let error = try #require(throws: FilterError.self) { _ = try Filter(text: source) }
        #expect(error.excerpt == "1 AND pop = 1 AND pop = 1 AND ? AND pop = 1 AND pop = 1 AND p")
        #expect(error.caret == 30)
    }

    @Test func axesOfTheDomain() throws {
        #expect(throws: Never.self) { try Filter(text: "S_INTERSECTS(g, POINT(52 111))", domain: .latitudeLongitude) }
        #expect(throws: FilterError.self) {
            try Filter(text: "S_INTERSECTS(g, POINT(111 52))", domain: .latitudeLongitude)
        }
        #expect(throws: Never.self) { try Filter(text: "S_INTERSECTS(g, POINT(680000 5770000))", domain: .projected) }
        #expect(throws: FilterError.self) { try Filter(text: "S_INTERSECTS(g, BBOX(2, 0, 1, 1))", domain: .projected) }
    }
}
