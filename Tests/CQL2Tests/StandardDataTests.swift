import CQL2
import Foundation
import TestSupport
import Testing

/// The standard's own data set and predicates (OGC 21-065r2, annex A).
@Suite(.enabled(if: TestData.isPresent, TestData.absence))
struct StandardDataTests {
    struct Case {
        var collection: String
        var predicate: String
        var count: Int
    }

    static func cases() throws -> [Case] {
        try TestData.csv(TestData.cases).map { row in
            try #require(row.count == 4)
            return Case(collection: row[1], predicate: row[2], count: try #require(Int(row[3])))
        }
    }

    @Test func predicatesHaveTheExpectedCounts() throws {
        var collections: [String: Collection] = [:]
        let relations = GEOSRelations()
        let cases = try Self.cases()
        #expect(cases.count >= 70)
        for expected in cases {
            let collection = try collections[expected.collection] ?? Collection(expected.collection)
            collections[expected.collection] = collection
            let filter = try Filter(text: expected.predicate)
            let counts = try [
                filter, Filter(text: try filter.text()), Filter(json: try filter.json()),
            ].map { try collection.count(try $0.bind(to: collection.queryables), relations) }
            #expect(counts == [expected.count, expected.count, expected.count], "\(expected.predicate)")
        }
    }

    /// `((NOT p1 AND p2) OR (p3 AND NOT p4) OR NOT (p1 AND p4))` of random predicates, as in `/conf/…/logical`, against
    /// the truth of each of them, combined here.
    @Test func combinationsAgreeWithTheAlgebraOfTheirParts() throws {
        var generator = SeededGenerator(seed: 65)
        let relations = GEOSRelations()
        for (name, cases) in Dictionary(grouping: try Self.cases(), by: \.collection).sorted(by: { $0.key < $1.key }) {
            let collection = try Collection(name)
            for _ in 0..<25 {
                let p = (0..<4).map { _ in "(\(generator.pick(cases).predicate))" }
                let text = "((NOT \(p[0]) AND \(p[1])) OR (\(p[2]) and NOT \(p[3])) or not (\(p[0]) AND \(p[3])))"
                let combined = try collection.bind(text)
                let parts = try p.map { try collection.bind($0) }
                for row in collection.rows {
                    let t = try parts.map { Truth(try $0.truth(of: row, relations: relations)) }
                    let expected = max(min(-t[0], t[1]), min(t[2], -t[3]), -min(t[0], t[3]))
                    let actual = Truth(try combined.truth(of: row, relations: relations))
                    #expect(actual == expected, "\(text)")
                }
            }
        }
    }

    /// CQL2's scalar predicates happen to be SQL, so SQLite is the oracle for them, null and all.
    @Test func randomScalarPredicatesAgreeWithSQLite() throws {
        let collection = try Collection("ne_110m_populated_places_simple")
        var generator = SeededGenerator(seed: 9075)
        var predicates: [String] = []
        for _ in 0..<400 { predicates.append(Self.predicate(&generator, collection, depth: 3)) }
        let statements = predicates.map { "SELECT count(*) FROM ne_110m_populated_places_simple WHERE \($0);" }
        var counts: [Int] = []
        for start in stride(from: 0, to: statements.count, by: 50) {
            let batch = statements[start..<start + 50].joined(separator: "\n")
            let sql = "PRAGMA case_sensitive_like = ON;\n\(batch)\n"
            let answer = String(decoding: try TestData.query(sql, arguments: ["-list"]), as: UTF8.self)
            counts += answer.split(separator: "\n").compactMap { Int($0) }
        }
        try #require(counts.count == predicates.count)
        let relations = GEOSRelations()
        for (predicate, count) in zip(predicates, counts) {
            #expect(try collection.count(try collection.bind(predicate), relations) == count, "\(predicate)")
        }
        // An oracle that only ever says all or nothing would prove little.
        #expect(counts.count { (1..<243).contains($0) } > 150)
    }

    private static func predicate(_ generator: inout SeededGenerator, _ collection: Collection, depth: Int) -> String {
        let texts = ["name", "nameascii", "namealt", "adm1name", "meganame", "namepar"]
        let numbers = ["pop_max", "pop_min", "pop_other"]
        func literal(_ column: String, _ generator: inout SeededGenerator) -> String {
            let index = collection.queryables.firstIndex { $0.name == column } ?? 0
            switch generator.pick(collection.rows).values[index] {
            case .string(let text): return "'\(text.replacing("'", with: "''"))'"
            case .integer(let number): return "\(number)"
            default: return numbers.contains(column) ? "-1.5e3" : "'K'"
            }
        }
        guard depth > 0 else {
            let isText = Bool.random(using: &generator)
            let column = generator.pick(isText ? texts : numbers)
            let not = Bool.random(using: &generator) ? "NOT " : ""
            switch generator.number(0...5) {
            case 0: return "\(column) IS \(not)NULL"
            case 1:
                let list = (0...generator.number(0...4)).map { _ in literal(column, &generator) }
                return "\(column) \(not)IN (\(list.joined(separator: ", ")))"
            case 2 where isText:
                let pattern = literal(column, &generator).map { sign in
                    sign == "'" ? "'" : generator.pick(["%", "_", "\(sign)", "\(sign)", "%\(sign)", "\(sign)_%"])
                }
                return "\(column) \(not)LIKE \(pattern.joined())"
            case 2, 3:
                let bounds = [literal(column, &generator), literal(column, &generator)]
                return "\(column) \(not)BETWEEN \(bounds[0]) AND \(bounds[1])"
            case 4:
                let other = generator.pick(isText ? texts : numbers)
                let sum = isText ? other : "\(other) * 2 - \(generator.pick(numbers)) % 1000"
                return "\(column) \(generator.pick(ComparisonOperator.allCases).rawValue) \(sum)"
            default:
                let comparison = generator.pick(ComparisonOperator.allCases).rawValue
                return "\(column) \(comparison) \(literal(column, &generator))"
            }
        }
        let parts = (0..<2).map { _ in
            predicate(&generator, collection, depth: depth - generator.number(1...depth))
        }
        switch generator.number(0...3) {
        case 0: return "NOT (\(parts[0]))"
        case 1: return "(\(parts[0]) OR \(parts[1]))"
        // Without parentheses, so that precedence counts.
        case 2: return "\(parts[0]) OR \(parts[1]) AND \(parts[0])"
        default: return "\(parts[0]) AND \(parts[1])"
        }
    }

    @Test func boxesDecideMostRows() throws {
        let collection = try Collection("ne_110m_populated_places_simple")
        let relations = GEOSRelations()
        #expect(try collection.count(try collection.bind("S_INTERSECTS(geom, BBOX(0, 40, 10, 50))"), relations) == 7)
        #expect(try collection.count(try collection.bind("NOT S_DISJOINT(geom, BBOX(0, 40, 10, 50))"), relations) == 7)
        #expect(relations.calls == 0)
    }
}

/// Kleene's logic as numbers: and is the minimum, or the maximum, not turns the sign.
struct Truth: Comparable {
    private let number: Int

    init(_ truth: Bool?) { number = truth.map { $0 ? 1 : -1 } ?? 0 }

    private init(number: Int) { self.number = number }

    static prefix func - (truth: Self) -> Self { Self(number: -truth.number) }

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }
}
