import Analysis
import Geometry
import NetworkModel

/// The rows of a collection that a request selects, with the account that the answer gives of them.
struct FeatureSelection: Sendable {
    /// What the rows are rows of.
    let table: FeatureTable
    /// The rows, ascending or as the request orders them.
    let rows: [Int]
    /// What the answer says of the selection: for records what is not stated, for an analysis all that its figures
    /// rest on.
    let members: [(String, JSON)]

    /// What it takes in a cache, in bytes. The tables of records are the snapshot's, those of analyses its own.
    let cost: Int

    /// Selects records. Off the event loops: O(n) in the collection, or O(answer) for a box alone.
    ///
    /// - Throws: a problem of status 400 for a code that neither vocabulary nor data know, and for a condition that
    ///   does not fit the fields.
    init(
        _ request: ItemsRequest, _ filter: ItemsRequest.RecordFilter, of kind: RecordKind, _ table: FeatureTable,
        in snapshot: Snapshot, cancellation: Cancellation
    ) throws {
        var rows: [Int]?
        var notStated: [(field: String, count: Int)] = []
        do throws(FilterError) {
            switch filter {
            case .offers(let filter) where !filter.isEmpty:
                let selection = try OfferSelection(filter, in: snapshot) { cancellation.isRequested }
                rows = selection.rows
                notStated = selection.notStated
            case .actors(let filter) where !filter.isEmpty:
                let selection = try ActorSelection(filter, within: request.box?.cover, in: snapshot)
                rows = selection.rows
                notStated = selection.notStated
            case .places(let text, let areas) where text != nil || areas != nil:
                rows = try Self.places(snapshot[kind], text: text, areas: areas, in: snapshot)
            default: break
            }
        } catch {
            throw Problem(error)
        }
        if let box = request.box {
            let covered = request.isBoxFiltered ? rows : nil
            rows = try box.exact(covered ?? table.rows(rows, meeting: box.cover), of: table, request.coordinates)
        }
        if let interval = request.interval, kind == .offers {
            let from = snapshot.offers.date("valid_from")
            let to = snapshot.offers.date("valid_to")
            rows = (rows ?? Array(0..<table.count)).filter {
                interval.meets(from: ReducedDate(packed: from[$0]), to: ReducedDate(packed: to[$0]))
            }
        }
        for condition in request.conditions {
            let outcome = try Self.rows(
                rows, of: table, fulfilling: condition, request.coordinates, cancellation: cancellation)
            rows = outcome.rows
            notStated.append((condition.parameter, outcome.unknown))
        }
        var selected = rows ?? Array(0..<table.count)
        if let order = request.order { selected = try order.sorted(selected, of: table) }
        let statuses = kind == .offers ? Self.statuses(selected, snapshot.offers.code("status")) : []
        self.table = table
        self.rows = selected
        cost = selected.count * MemoryLayout<Int>.stride + 512
        members = [
            ("not_stated", .object(notStated.map { ($0.field, .integer($0.count)) })),
            ("statuses", .object(statuses.map { ($0.status, .integer($0.count)) })),
        ]
    }

    /// Selects rows of an analysis. They state no time, so every interval meets them.
    ///
    /// - Throws: a problem of status 400 for a condition that does not fit the fields.
    init(_ request: ItemsRequest, of answer: AnalysisAnswer, cancellation: Cancellation) throws {
        table = answer.table
        let (answered, coordinates) = (answer.table, request.coordinates)
        var rows = try request.box.map {
            try $0.exact(answered.rows(nil, meeting: $0.cover), of: answered, coordinates)
        }
        var members = answer.head.filter { $0.0 != "data_version" }
        for condition in request.conditions {
            let outcome = try Self.rows(
                rows, of: table, fulfilling: condition, request.coordinates, cancellation: cancellation)
            rows = outcome.rows
            members = members.map { name, value in
                (
                    name,
                    name == "not_stated"
                        ? value.setting(condition.parameter, to: .integer(outcome.unknown)) : value
                )
            }
        }
        let selected = rows ?? Array(0..<answered.count)
        self.rows = try request.order?.sorted(selected, of: answered) ?? selected
        self.members = members
        cost = self.rows.count * MemoryLayout<Int>.stride + answer.cost
    }

    /// Selects rows of a layer. - Complexity: O(rows), or O(answer) for a box alone
    ///
    /// - Throws: a problem of status 400 for a condition that does not fit the fields.
    init(_ request: ItemsRequest, of layer: ServedLayer, cancellation: Cancellation) throws {
        table = layer.table
        var rows = try request.box.map {
            try $0.exact(layer.table.rows(nil, meeting: $0.cover), of: layer.table, request.coordinates)
        }
        if let interval = request.interval, let time = layer.time {
            rows = (rows ?? Array(0..<layer.table.count)).filter { time.meets(interval, $0, of: layer.table) }
        }
        var notStated: [(field: String, count: Int)] = []
        for condition in request.conditions {
            let outcome = try Self.rows(
                rows, of: table, fulfilling: condition, request.coordinates, cancellation: cancellation)
            rows = outcome.rows
            notStated.append((condition.parameter, outcome.unknown))
        }
        let selected = rows ?? Array(0..<layer.table.count)
        self.rows = try request.order?.sorted(selected, of: layer.table) ?? selected
        members = [("not_stated", .object(notStated.map { ($0.field, .integer($0.count)) }))]
        cost = self.rows.count * MemoryLayout<Int>.stride + 512
    }

    /// The rows that fulfil a condition, and the number of those of which that cannot be said because they state
    /// nothing in a field that it needs.
    ///
    /// - Parameter rows: the rows to choose from; nil means all.
    private static func rows(
        _ rows: [Int]?, of table: FeatureTable, fulfilling condition: Condition, _ coordinates: CoordinateExchange,
        cancellation: Cancellation
    ) throws -> (rows: [Int], unknown: Int) {
        do throws(FilterError) {
            let bound = try condition.bound(to: table.conditionRows, coordinates: coordinates)
            let candidates =
                bound.necessaryBoxes.map { table.rows(rows, unplacedOrIn: $0) } ?? rows ?? Array(0..<table.count)
            let truths = try bound.truths(of: candidates) { cancellation.isRequested }
            let fulfilling = zip(candidates, truths).filter { $0.1 == true }.map(\.0)
            return (fulfilling, truths.count { $0 == nil })
        } catch {
            throw Problem(error)
        }
    }

    /// Areas and cells by words of the name and by place.
    private static func places(
        _ table: Table, text: String?, areas: [String]?, in snapshot: Snapshot
    ) throws(FilterError) -> [Int] {
        var rows = Array(0..<table.count)
        if let areas {
            let keys = try AreaKeys(areas, parameter: "located_in", in: snapshot)
            let districts = table.code("district_key")
            let municipalities = table.code("municipality_key")
            let isArea = table.schema.kind == .municipalities
            rows = rows.filter { row in
                let named = [
                    isArea ? table.identifiers[row] : municipalities.count == 0 ? nil : municipalities[row],
                    districts.count == 0 ? nil : districts[row],
                ]
                return named.contains { $0.map(keys.contains) ?? false }
            }
        }
        if let text {
            let words = text.split(whereSeparator: \.isWhitespace).map { FoldedText.fold(String($0)) }
            let names = table.text("name")
            rows = rows.filter { row in
                let name = FoldedText.fold(names[row] ?? "")
                return words.allSatisfy { name.contains($0) }
            }
        }
        return rows
    }

    private static func statuses(_ rows: [Int], _ column: CodeColumn) -> [(status: String, count: Int)] {
        var counts = [Int](repeating: 0, count: column.dictionary.count + 1)
        for row in rows { counts[Int(column.codes[row])] += 1 }
        return column.dictionary.codes.enumerated().compactMap { number, status in
            counts[number + 1] == 0 ? nil : (status, counts[number + 1])
        }
    }
}
