import CQL2
import TestSupport
import Testing

struct RoundTripTests {
    @Test func randomTreesSurviveBothEncodings() throws {
        for seed in 0..<4_000 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            // Types that contradict each other are refused before there is a filter; the rest must survive.
            guard let filter = try? Filter(generator.predicate(depth: 4)) else { continue }
            let text = try filter.text()
            let json = try filter.json()
            #expect(try Filter(text: text) == filter, "seed \(seed): \(text)")
            #expect(try Filter(json: json) == filter, "seed \(seed): \(json)")
            #expect(try Filter(text: text).text() == text)
            #expect(try Filter(json: json).json() == json)
        }
    }

    @Test func randomTreesAreMostlyFilters() {
        let count = (0..<1_000 as Range<UInt64>).count { seed in
            var generator = SeededGenerator(seed: seed)
            return (try? Filter(generator.predicate(depth: 4))) != nil
        }
        #expect(count > 500)
    }

    /// Text in one spelling, the same in another, and JSON; after the clauses and examples of the standard.
    @Test(arguments: [
        ("city='Toronto'", "city = 'Toronto'", #"{"op":"=","args":[{"property":"city"},"Toronto"]}"#),
        (
            "balance-150.0 > 0", "balance - 150.0 > 0",
            #"{"op":">","args":[{"op":"-","args":[{"property":"balance"},150.0]},0]}"#
        ),
        (
            "updated >= date('1970-01-01')", "updated >= DATE('1970-01-01')",
            #"{"op":">=","args":[{"property":"updated"},{"date":"1970-01-01"}]}"#
        ),
        (
            "geometry is not null", "geometry IS NOT NULL",
            #"{"op":"not","args":[{"op":"isNull","args":[{"property":"geometry"}]}]}"#
        ),
        ("name LIKE 'Smith%'", "name LIKE 'Smith%'", #"{"op":"like","args":[{"property":"name"},"Smith%"]}"#),
        (
            "depth BETWEEN 100.0 and 150.0", "depth BETWEEN 100.0 AND 150.0",
            #"{"op":"between","args":[{"property":"depth"},100.0,150.0]}"#
        ),
        (
            "category NOT IN (1,2)", "category NOT IN (1, 2)",
            #"{"op":"not","args":[{"op":"in","args":[{"property":"category"},[1,2]]}]}"#
        ),
        (
            "CASEI(road) = casei('Straße')", "CASEI(road) = CASEI('Straße')",
            #"{"op":"=","args":[{"op":"casei","args":[{"property":"road"}]},{"op":"casei","args":["Straße"]}]}"#
        ),
        (
            "S_INTERSECTS(geometry,POINT(36.5 32))", "S_INTERSECTS(geometry, POINT (36.5 32))",
            #"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[36.5,32]}]}"#
        ),
        (
            "s_within(geom, bbox(160.6,-55.95,-170,-25.89))", "S_WITHIN(geom, BBOX(160.6, -55.95, -170, -25.89))",
            #"{"op":"s_within","args":[{"property":"geom"},{"bbox":[160.6,-55.95,-170,-25.89]}]}"#
        ),
        (
            "T_DURING(INTERVAL(starts_at, '..'), INTERVAL('2005-01-10', '2010-02-10'))",
            "T_DURING(INTERVAL(starts_at, '..'), INTERVAL('2005-01-10', '2010-02-10'))",
            #"{"op":"t_during","args":[{"interval":[{"property":"starts_at"},".."]},{"interval":["2005-01-10","2010-02-10"]}]}"#
        ),
        (
            "T_FINISHEDBY(a, interval('1991-10-07T08:21:06.393262Z', '2010-02-10T05:29:20.073Z'))",
            "T_FINISHEDBY(a, INTERVAL('1991-10-07T08:21:06.393262Z', '2010-02-10T05:29:20.073Z'))",
            #"{"op":"t_finishedBy","args":[{"property":"a"},{"interval":["1991-10-07T08:21:06.393262Z","2010-02-10T05:29:20.073Z"]}]}"#
        ),
        (
            "A_CONTAINS(layer:ids, ('layers-ca','layers-us'))", "A_CONTAINS(layer:ids, ('layers-ca', 'layers-us'))",
            #"{"op":"a_contains","args":[{"property":"layer:ids"},["layers-ca","layers-us"]]}"#
        ),
        (
            "A_EQUALS(ids, (1))", "A_EQUALS(ids, (1))", #"{"op":"a_equals","args":[{"property":"ids"},[1]]}"#
        ),
        (
            "S_WITHIN(road,Buffer(geometry,10,'m'))", "S_WITHIN(road, Buffer(geometry, 10, 'm'))",
            #"{"op":"s_within","args":[{"property":"road"},{"op":"Buffer","args":[{"property":"geometry"},10,"m"]}]}"#
        ),
        (
            "value = 2 ^ 3 div 4 % -foo", "value = 2 ^ 3 DIV 4 % (-1 * foo)",
            #"{"op":"=","args":[{"property":"value"},{"op":"%","args":[{"op":"div","args":[{"op":"^","args":[2,3]},4]},{"op":"*","args":[-1,{"property":"foo"}]}]}]}"#
        ),
        (
            "a=1 OR b=2 AND NOT c=3", "a = 1 OR b = 2 AND NOT (c = 3)",
            #"{"op":"or","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"and","args":[{"op":"=","args":[{"property":"b"},2]},{"op":"not","args":[{"op":"=","args":[{"property":"c"},3]}]}]}]}"#
        ),
        ("(a=1 OR b=2) AND c=3", "(a = 1 OR b = 2) AND c = 3", nil),
        ("a - (b - c) - d = 0", "a - (b - c) - d = 0", nil),
        ("a < > 'Via dell''Avvento' or a = 'it\\'s'", "a <> 'Via dell''Avvento' OR a = 'it''s'", nil),
        ("\"date\" = DATE('2022-04-16') and \"a\"\"b\" = 1", "\"date\" = DATE('2022-04-16') AND \"a\"\"b\" = 1", nil),
        ("date >= DATE('2022-04-16')", "\"date\" >= DATE('2022-04-16')", nil),
        ("x = .5 and x = 5. and x = +5 and x = 1e3", "x = 0.5 AND x = 5.0 AND x = 5 AND x = 1000.0", nil),
        ("\tTRUE\r\n", "TRUE", "true"),
        ("S_EQUALS(g, MULTIPOINT Z(7 50 1,10 51 2))", "S_EQUALS(g, MULTIPOINT ((7 50), (10 51)))", nil),
        ("avg(windSpeed) and f()", "avg(windSpeed) AND f()", nil),
    ])
    func spellings(_ source: String, _ text: String, _ json: String?) throws {
        let filter = try Filter(text: source)
        #expect(try filter.text() == text)
        #expect(try Filter(text: text) == filter)
        if let json {
            #expect(try filter.json() == json)
            #expect(try Filter(json: json) == filter)
        }
    }

    @Test func whatTextCannotExpressIsAnError() throws {
        for json in [
            #"{"op":"=","args":[{"property":"path"},"C:\\"]}"#, #"{"op":"=","args":[{"property":"path"},"\\'"]}"#,
            #"{"op":"=","args":[{"op":"f","args":[[1]]},1]}"#,
        ] {
            let filter = try Filter(json: json)
            #expect(try filter.json() == json)
            #expect(throws: FilterError.self) { try filter.text() }
        }
    }

    @Test func jsonEscapes() throws {
        let filter = try Filter(json: #"{"op":"=","args":[{"property":"a"},"\u00e9\ud83d\ude00\n\"\\x\/"]}"#)
        #expect(try filter.text() == "a = 'é😀\n\"\\x/'")
        #expect(try filter.json() == #"{"op":"=","args":[{"property":"a"},"é😀\n\"\\x/"]}"#)
    }
}
