import Geometry
import NetworkModel

/// The rows of a collection that a request selects, with the account that the answer gives of them.
struct FeatureSelection: Sendable {
    /// What the rows are rows of.
    let table: FeatureTable
    /// The rows, ascending.
    let rows: [Int]
    /// What the answer says of the selection: for records what is not stated, for an analysis all that its figures
    /// rest on.
    let members: [(String, JSON)]

    /// What it takes in a cache, in bytes. The tables of records are the snapshot's, those of analyses its own.
    let cost: Int

    /// Selects records. Off the event loops: O(n) in the collection, or O(answer) for a box alone.
    ///
    /// - Throws: a problem of status 400 for a code that neither vocabulary nor data know.
    init(
        _ request: ItemsRequest, _ filter: ItemsRequest.RecordFilter, of kind: RecordKind, _ table: FeatureTable,
        in snapshot: Snapshot
    ) throws(Problem) {
        var rows: [Int]?
        var notStated: [(field: String, count: Int)] = []
        do throws(FilterError) {
            switch filter {
            case .offers(let filter) where !filter.isEmpty:
                let selection = try OfferSelection(filter, in: snapshot)
                rows = selection.rows
                notStated = selection.notStated
            case .actors(let filter) where !filter.isEmpty:
                let selection = try ActorSelection(filter, within: request.boxes, in: snapshot)
                rows = selection.rows
                notStated = selection.notStated
            case .places(let text, let areas) where text != nil || areas != nil:
                rows = try Self.places(snapshot[kind], text: text, areas: areas, in: snapshot)
            default: break
            }
        } catch {
            throw Problem(error)
        }
        if let boxes = request.boxes { rows = table.rows(rows, meeting: boxes) }
        if let interval = request.interval, kind == .offers {
            let from = snapshot.offers.date("valid_from")
            let to = snapshot.offers.date("valid_to")
            rows = (rows ?? Array(0..<table.count)).filter {
                interval.meets(from: ReducedDate(packed: from[$0]), to: ReducedDate(packed: to[$0]))
            }
        }
        let selected = rows ?? Array(0..<table.count)
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
    init(_ request: ItemsRequest, of answer: AnalysisAnswer) {
        table = answer.table
        rows = request.boxes.map { answer.table.rows(nil, meeting: $0) } ?? Array(0..<answer.table.count)
        members = answer.head.filter { $0.0 != "data_version" }
        cost = rows.count * MemoryLayout<Int>.stride + answer.cost
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
