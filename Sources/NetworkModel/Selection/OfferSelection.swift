internal import Geometry

/// The offers that pass a filter, with the account that every answer gives of it (DOMAIN 6.3).
public struct OfferSelection: Sendable {
    /// The rows of the published offers that pass, ascending.
    public let rows: [Int]
    /// For each filtered field: how many offers pass everything else but state nothing in it.
    public let notStated: [(field: String, count: Int)]
    /// How many of the selected offers have each status, by the status's name.
    public let statuses: [(status: String, count: Int)]
    /// How many of the selected offers have a position.
    public let placed: Int

    /// Selects from a snapshot.
    ///
    /// Each condition is one pass over one column, so the cost does not depend on what the other columns hold.
    /// - Parameter isCancelled: asked now and then, on the calling thread, whether nobody wants the result any more: a
    ///   condition in CQL2 can take long.
    /// - Complexity: O(n · conditions).
    /// - Throws: `FilterError.unknownValue` for a code that neither vocabulary nor data know; `.invalidExpression`;
    ///   `.cancelled`.
    public init(
        _ filter: OfferFilter, in snapshot: Snapshot, isCancelled: () -> Bool = { false }
    ) throws(FilterError) {
        let offers = snapshot.offers
        var evaluation = FilterEvaluation(count: offers.count)
        for field in OfferFilter.CodeField.allCases {
            guard let values = filter.codes[field] else { continue }
            let stated = values.filter { $0 != OfferFilter.notStated }
            let keepsSilent = stated.count < values.count
            switch field {
            case .locatedIn:
                evaluation.applyLocation(
                    try AreaKeys(stated, parameter: field.rawValue, in: snapshot),
                    districts: offers.code("district_key"), municipalities: offers.code("municipality_key"),
                    name: field.rawValue, keepsSilent: keepsSilent)
            case .serves:
                evaluation.applyServedArea(
                    try AreaKeys(stated, parameter: field.rawValue, in: snapshot), offers.codeList("served_keys"),
                    name: field.rawValue, keepsSilent: keepsSilent)
            default:
                try evaluation.applyCodes(values, field: field, in: snapshot)
            }
        }
        if let day = filter.day {
            evaluation.applyDay(day, from: offers.date("valid_from"), to: offers.date("valid_to"))
        }
        if filter.datedOnly { evaluation.apply { offers.date("valid_to")[$0] != 0 } }
        if let box = filter.box {
            evaluation.apply { row in offers.point(row).map { point in box.contains { $0.contains(point) } } ?? false }
        }
        if let expression = filter.expression {
            let truths = try expression.bound(to: ConditionRows(publishedRowsOf: offers))
                .truths(of: 0..<offers.count, isCancelled: isCancelled)
            evaluation.apply(name: OfferFilter.expressionName) { truths[$0] }
        }
        if let text = filter.text { evaluation.applyText(text, in: snapshot) }

        rows = evaluation.passing
        notStated = evaluation.notStated
        statuses = Self.statuses(rows, offers: offers)
        placed = rows.reduce(0) { $0 + (offers.point($1) == nil ? 0 : 1) }
    }

    private static func statuses(_ rows: [Int], offers: Table) -> [(status: String, count: Int)] {
        let column = offers.code("status")
        var counts = [Int](repeating: 0, count: column.dictionary.count + 1)
        for row in rows { counts[Int(column.codes[row])] += 1 }
        return column.dictionary.codes.enumerated().compactMap { number, status in
            counts[number + 1] == 0 ? nil : (status, counts[number + 1])
        }
    }
}

/// How many conditions each row fails, and whether the only one it fails is one that it says nothing about.
struct FilterEvaluation {
    private var failures: [UInt8]
    /// For each row the last field that it states nothing in, counted from 1; 0 where there is none.
    private var silentField: [UInt8]
    private var silentNames: [String] = []

    init(count: Int) {
        failures = [UInt8](repeating: 0, count: count)
        silentField = [UInt8](repeating: 0, count: count)
    }

    var passing: [Int] { failures.indices.filter { failures[$0] == 0 } }

    var notStated: [(field: String, count: Int)] {
        var counts = [Int](repeating: 0, count: silentNames.count + 1)
        for row in failures.indices where failures[row] == 1 { counts[Int(silentField[row])] += 1 }
        return silentNames.enumerated().map { ($0.element, counts[$0.offset + 1]) }
    }

    mutating func apply(_ holds: (Int) -> Bool) {
        for row in failures.indices where !holds(row) { failures[row] += 1 }
    }

    /// Applies a condition on a field that a row may leave empty: nil is *not stated*, which does not match unless it
    /// is asked for.
    mutating func apply(name: String, keepsSilent: Bool = false, _ holds: (Int) -> Bool?) {
        silentNames.append(name)
        let number = UInt8(silentNames.count)
        for row in failures.indices {
            switch holds(row) {
            case true?: break
            case false?: failures[row] += 1
            case nil where keepsSilent: break
            case nil:
                failures[row] += 1
                silentField[row] = number
            }
        }
    }

    mutating func applyCodes(
        _ values: [String], field: OfferFilter.CodeField, in snapshot: Snapshot
    ) throws(FilterError) {
        switch snapshot.offers[field: field.column] {
        case .code(let column):
            let wanted = try Self.wanted(values, of: column.dictionary, field: field, in: snapshot)
            apply(name: field.rawValue, keepsSilent: wanted[0]) { row in
                column.codes[row] == 0 ? nil : wanted[Int(column.codes[row])]
            }
        case .codeList(let column):
            let wanted = try Self.wanted(values, of: column.dictionary, field: field, in: snapshot)
            apply(name: field.rawValue, keepsSilent: wanted[0]) { row in
                let range = column.range(row)
                return range.isEmpty ? nil : column.codes[range].contains { wanted[Int($0)] }
            }
        default: break
        }
    }

    /// Which numbers of a dictionary are wanted, 0 being *not stated*; refuses values that nobody knows.
    private static func wanted(
        _ values: [String], of dictionary: CodeDictionary, field: OfferFilter.CodeField, in snapshot: Snapshot
    ) throws(FilterError) -> [Bool] {
        var result = [Bool](repeating: false, count: dictionary.count + 1)
        for value in values {
            if value == OfferFilter.notStated {
                result[0] = true
                continue
            }
            if let number = dictionary.known(value) {
                result[Int(number)] = true
                continue
            }
            let listed =
                snapshot.offers.schema.position(of: field.column)
                .flatMap { snapshot.offers.schema.fields[$0].vocabulary }
                .map { snapshot.vocabulary[$0].map(\.key) } ?? []
            let isActor = field == .actor && snapshot.actorRows.row(of: value) != nil
            guard listed.contains(value) || isActor else {
                throw .unknownValue(
                    parameter: field.rawValue, value: value,
                    known: Array(Set(listed).union(dictionary.codes)).sorted())
            }
        }
        return result
    }

    mutating func applyLocation(
        _ keys: AreaKeys, districts: CodeColumn, municipalities: CodeColumn, name: String, keepsSilent: Bool
    ) {
        let districtIsMeant = keys.marks(districts.dictionary)
        let municipalityIsMeant = keys.marks(municipalities.dictionary)
        apply(name: name, keepsSilent: keepsSilent) { row in
            let district = districts.codes[row]
            let municipality = municipalities.codes[row]
            if district == 0, municipality == 0 { return nil }
            return districtIsMeant[Int(district)] || municipalityIsMeant[Int(municipality)]
        }
    }

    mutating func applyServedArea(_ keys: AreaKeys, _ column: CodeListColumn, name: String, keepsSilent: Bool) {
        let isMeant = keys.servedMarks(column.dictionary)
        apply(name: name, keepsSilent: keepsSilent) { row in
            let range = column.range(row)
            return range.isEmpty ? nil : column.codes[range].contains { isMeant[Int($0)] }
        }
    }

    /// Keeps what began or states no begin, and has not ended or states no end.
    mutating func applyDay(_ day: ReducedDate, from: [Int32], to: [Int32]) {
        let wanted = day.firstDay
        apply { row in
            (ReducedDate(packed: from[row]).map { $0.firstDay <= wanted } ?? true)
                && (ReducedDate(packed: to[row]).map { $0.lastDay >= wanted } ?? true)
        }
    }

    mutating func applyText(_ text: String, in snapshot: Snapshot) {
        let search = TextSearch(text)
        let fields = ["title", "description", "actor_name", "place", "district_name", "municipality_name", "postcode"]
        let columns = fields.compactMap { snapshot.offers[field: $0] }
        var folded: [UInt8] = []
        apply { row in
            folded.removeAll(keepingCapacity: true)
            for column in columns { column.fold(row, into: &folded) }
            return search.matches(folded)
        }
    }
}

extension Column {
    /// Appends the folded text of a row and a zero byte.
    func fold(_ row: Int, into folded: inout [UInt8]) {
        switch self {
        case .text(let column):
            column.bytes.withUnsafeBufferPointer { bytes in
                FoldedText.fold(UnsafeBufferPointer(rebasing: bytes[column.range(row)]), into: &folded)
            }
        case .code(let column):
            if let code = column[row] { folded.append(contentsOf: FoldedText.fold(code)) }
        default: break
        }
        folded.append(0)
    }
}

extension ConditionRows {
    /// The rows of a table; what says how a record may be shown cannot be asked for.
    fileprivate init(publishedRowsOf table: Table) {
        let shown = table.schema.fields.indices.filter { table.schema.fields[$0].name != "publish" }
        self.init(
            fields: shown.map { table.schema.fields[$0] }, columns: shown.map { table.columns[$0] },
            geometry: table.geometry)
    }
}
