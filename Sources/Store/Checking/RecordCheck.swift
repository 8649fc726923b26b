internal import Geometry
internal import NetworkModel

/// Checks records against each other: references, keys, places.
struct RecordCheck {
    typealias Finding = ProjectCheck.Finding

    private(set) var findings: [Finding] = []
    private let tables: [RecordKind: Table]
    private let identifiers: [RecordKind: IdentifierIndex]

    init(_ tables: [RecordKind: Table]) {
        self.tables = tables
        identifiers = tables.mapValues { IdentifierIndex($0.identifiers) }
        checkEmptiness()
        checkReferences()
        checkCodes()
        checkPlaces()
        checkDates()
        checkPopulation()
        checkCoverage()
        checkPublication()
    }

    private func table(_ kind: RecordKind) -> Table { tables[kind] ?? Table(kind.schema) }

    private func known(_ kinds: RecordKind...) -> (String) -> Bool {
        let indexes = kinds.compactMap { identifiers[$0] }
        return { identifier in indexes.contains { $0.row(of: identifier) != nil } }
    }

    private mutating func checkEmptiness() {
        for kind in [RecordKind.districts, .municipalities, .populationCells] where table(kind).count == 0 {
            findings.append(Finding(.warning, table: kind.rawValue, "the table is empty"))
        }
    }

    private mutating func checkReferences() {
        report(.offers, "actor_id", .error, "name an actor that is not there", isKnown: known(.actors))
        report(.actors, "parent_id", .warning, "name a parent body that is not loaded", isKnown: known(.actors))
        for field in ["from_id", "to_id"] {
            report(
                .links, field, .warning, "have an end that is not loaded (kept with its name)",
                isKnown: known(.actors, .offers))
        }
        for kind in [RecordKind.landUse, .buildings] {
            report(
                kind, "key", .warning, "describe an area that is not loaded",
                isKnown: known(.districts, .municipalities))
        }
        for kind in [RecordKind.actors, .offers, .links, .indicators, .glossary, .landUse, .buildings, .cities] {
            report(kind, "source_id", .error, "cite a source that is not there", isKnown: known(.sources))
            reportMissing(kind, "source_id", .warning, "cite no source")
        }
        report(
            .municipalities, "district_key", .error, "lie in a district that is not there", isKnown: known(.districts))
        for kind in [RecordKind.actors, .offers, .populationCells] {
            report(kind, "district_key", .warning, "lie in a district that is not loaded", isKnown: known(.districts))
            report(
                kind, "municipality_key", .warning, "lie in a municipality that is not loaded",
                isKnown: known(.municipalities))
        }
    }

    private mutating func checkCodes() {
        let vocabulary = table(.vocabulary)
        let fields = vocabulary.code("field")
        let keys = vocabulary.text("key")
        var known: [String: Set<String>] = [:]
        for row in 0..<vocabulary.count { known[fields[row] ?? "", default: []].insert(keys[row] ?? "") }
        for kind in [RecordKind.actors, .offers, .links, .indicators] {
            for field in kind.schema.fields {
                guard let name = field.vocabulary, let keys = known[name] else { continue }
                let unknown: [String]
                switch table(kind)[field: field.name] {
                case .code(let column)?: unknown = column.dictionary.codes.filter { !keys.contains($0) }
                case .codeList(let column)?: unknown = column.dictionary.codes.filter { !keys.contains($0) }
                default: continue
                }
                guard !unknown.isEmpty else { continue }
                findings.append(
                    Finding(
                        .warning, table: kind.rawValue,
                        "\(field.name): not in the vocabulary: \(Self.listed(unknown.sorted()))"))
            }
        }
    }

    private mutating func checkPlaces() {
        for kind in [RecordKind.actors, .offers] {
            let table = table(kind)
            let unplaced = (0..<table.count).filter { table.point($0) == nil }.count
            if unplaced > 0 {
                findings.append(
                    Finding(.warning, table: kind.rawValue, "\(unplaced) of \(table.count) have no place on the map"))
            }
            checkDistricts(kind)
            let offGlobe = (0..<table.count).filter { table.point($0).map { !$0.isOnGlobe } ?? false }
            if !offGlobe.isEmpty {
                findings.append(Finding(.error, table: kind.rawValue, "\(offGlobe.count) lie outside the globe"))
            }
        }
    }

    private mutating func checkDates() {
        let offers = table(.offers)
        let from = offers.date("valid_from")
        let to = offers.date("valid_to")
        let reversed = (0..<offers.count).filter { row in
            guard let begin = ReducedDate(packed: from[row]), let end = ReducedDate(packed: to[row]) else {
                return false
            }
            return begin.firstDay > end.lastDay
        }
        if !reversed.isEmpty {
            findings.append(
                Finding(
                    .error, table: "offers",
                    "\(reversed.count) end before they begin: "
                        + Self.listed(reversed.compactMap { offers.identifiers[$0] })))
        }
    }

    private mutating func checkPopulation() {
        checkBases()
        let cells = table(.populationCells)
        let assignments = cells.code("assignment")
        let roles = cells.code("role")
        let listed = (0..<cells.count).filter { roles[$0] == "own" && assignments[$0] == "listed" }
        if !listed.isEmpty {
            let counts = cells.integer("people")
            let people = listed.reduce(0.0) { $0 + Double(counts[$1]) }
            findings.append(
                Finding(
                    .warning, table: "population_cells",
                    "\(listed.count) own cells with \(people < 1e15 ? String(Int(people)) : String(people)) people lie in no municipality"
                ))
        }
    }

    /// Census cells of two bases in one district would count its people twice (DOMAIN 6.1).
    private mutating func checkBases() {
        let cells = table(.populationCells)
        let roles = cells.code("role")
        let districts = cells.code("district_key")
        let regions = cells.code("region")
        var bases: [String: Set<String>] = [:]
        for row in 0..<cells.count where roles[row] == "own" {
            if let district = districts[row] { bases[district, default: []].insert(regions[row] ?? "") }
        }
        for (district, regions) in bases.sorted(by: { $0.key < $1.key }) where regions.count > 1 {
            findings.append(
                Finding(
                    .error, table: "population_cells",
                    "district \(district) has own cells of several regions, its people count more than once: "
                        + Self.listed(regions.sorted())))
        }
    }

    /// Areas of one level must not overlap; a gap may be land that nobody loaded.
    private mutating func checkCoverage() {
        for kind in [RecordKind.districts, .municipalities] {
            let table = table(kind)
            let areas = (0..<table.count).compactMap { row in
                table.surface(row).map { (key: table.identifiers[row] ?? "", surface: $0) }
            }
            guard !areas.isEmpty else { continue }
            do throws(GeometryError) {
                let check = try CoverageCheck(areas, in: try GEOSContext())
                if !check.overlaps.isEmpty {
                    let pairs = check.overlaps.map { "\($0.first) and \($0.second)" }
                    findings.append(
                        Finding(
                            .error, table: kind.rawValue, "\(pairs.count) pairs overlap: \(Self.listed(pairs))"))
                }
                if !check.gaps.isEmpty {
                    let places = check.gaps.map { "between \($0.neighbours.joined(separator: ", "))" }
                    findings.append(
                        Finding(.warning, table: kind.rawValue, "\(places.count) gaps: \(Self.listed(places))"))
                }
            } catch {
                findings.append(
                    Finding(.error, table: kind.rawValue, "the areas cannot be checked as a coverage: \(error)"))
            }
        }
    }

    /// A word that is none of the three withholds the place: that is safe, but hardly meant.
    private mutating func checkPublication() {
        for kind in [RecordKind.actors, .offers] {
            let words = table(kind).code("publish").dictionary.codes
                .filter { !["full", "district_only", "no"].contains($0.lowercased()) }
            guard !words.isEmpty else { continue }
            findings.append(
                Finding(
                    .error, table: kind.rawValue,
                    "publish is neither full, district_only nor no, so the places are withheld: "
                        + Self.listed(words.sorted())))
        }
    }

    /// Points outside every loaded district: another state's, or wrongly located.
    private mutating func checkDistricts(_ kind: RecordKind) {
        let districts = table(.districts)
        guard case .surfaces(let surfaces) = districts.geometry, !surfaces.isEmpty else { return }
        let index = PolygonIndex(surfaces)
        let table = table(kind)
        let stated = table.code("district_key")
        var outside: [String] = []
        var contradicting: [String] = []
        for row in 0..<table.count {
            guard let point = table.point(row) else { continue }
            let found = index.locate(point).flatMap { districts.identifiers[$0] }
            if found == nil { outside.append(table.identifiers[row] ?? "") }
            if let found, let key = stated[row], key != found { contradicting.append(table.identifiers[row] ?? "") }
        }
        if !outside.isEmpty {
            findings.append(
                Finding(
                    .warning, table: kind.rawValue,
                    "\(outside.count) lie outside every loaded district: \(Self.listed(outside))"))
        }
        if !contradicting.isEmpty {
            findings.append(
                Finding(
                    .warning, table: kind.rawValue,
                    "\(contradicting.count) lie in another district than they state: \(Self.listed(contradicting))"))
        }
    }

    /// Reports the rows whose code is stated but not accepted.
    private mutating func report(
        _ kind: RecordKind, _ field: String, _ severity: Finding.Severity, _ message: String,
        isKnown: (String) -> Bool
    ) {
        let column = table(kind).code(field)
        guard column.count > 0 else { return }
        let unknown = [false] + column.dictionary.codes.map { !isKnown($0) }
        let rows = column.codes.indices.filter { unknown[Int(column.codes[$0])] }
        guard !rows.isEmpty else { return }
        let names = Set(rows.compactMap { column[$0] }).sorted()
        findings.append(Finding(severity, table: kind.rawValue, "\(rows.count) \(message): \(Self.listed(names))"))
    }

    private mutating func reportMissing(
        _ kind: RecordKind, _ field: String, _ severity: Finding.Severity, _ message: String
    ) {
        let count = table(kind).code(field).codes.count { $0 == 0 }
        if count > 0 { findings.append(Finding(severity, table: kind.rawValue, "\(count) \(message)")) }
    }

    private static func listed(_ names: [String]) -> String {
        names.count <= 5
            ? names.joined(separator: ", ") : names.prefix(5).joined(separator: ", ") + ", … (\(names.count) in all)"
    }
}
