import Geometry
import NetworkModel

/// The rows of a collection that a request selects, with the account that the answer gives of them.
struct FeatureSelection: Sendable {
    /// The rows, ascending.
    let rows: [Int]
    /// For each filtered field: how many pass everything else but state nothing in it.
    let notStated: [(field: String, count: Int)]
    /// How many offers have each status; empty for other collections.
    let statuses: [(status: String, count: Int)]

    /// What it takes in a cache, in bytes.
    var cost: Int { rows.count * MemoryLayout<Int>.stride + 512 }

    /// Selects. Off the event loops: O(n) in the collection, or O(answer) for a box alone.
    ///
    /// - Throws: a problem of status 400 for a code that neither vocabulary nor data know.
    init(_ request: ItemsRequest, in snapshot: Snapshot) throws(Problem) {
        let table = snapshot[request.collection.kind]
        var rows: [Int]?
        var notStated: [(field: String, count: Int)] = []
        do throws(FilterError) {
            switch request.filter {
            case .offers(let filter) where !filter.isEmpty:
                let selection = try OfferSelection(filter, in: snapshot)
                rows = selection.rows
                notStated = selection.notStated
            case .actors(let filter) where !filter.isEmpty:
                let selection = try ActorSelection(filter, within: request.boxes, in: snapshot)
                rows = selection.rows
                notStated = selection.notStated
            case .places(let text, let areas) where text != nil || areas != nil:
                rows = try Self.places(table, text: text, areas: areas, in: snapshot)
            default: break
            }
        } catch {
            throw Problem(error)
        }
        if let boxes = request.boxes { rows = Self.rows(rows, meeting: boxes, of: table, in: snapshot) }
        if let interval = request.interval, request.collection.kind == .offers {
            let from = table.date("valid_from")
            let to = table.date("valid_to")
            rows = (rows ?? Array(0..<table.count)).filter {
                interval.meets(from: ReducedDate(packed: from[$0]), to: ReducedDate(packed: to[$0]))
            }
        }
        self.rows = rows ?? Array(0..<table.count)
        self.notStated = notStated
        statuses = request.collection.kind == .offers ? Self.statuses(self.rows, table.code("status")) : []
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

    /// The rows whose geometry meets one of the boxes; all that have one where the boxes hold the globe.
    private static func rows(
        _ rows: [Int]?, meeting boxes: [BoundingBox<Geographic>], of table: Table, in snapshot: Snapshot
    ) -> [Int] {
        switch table.geometry {
        case .none: return []
        case .points:
            let index: PointIndex? =
                switch table.schema.kind {
                case .offers: snapshot.offerPoints
                case .actors: snapshot.actorPoints
                default: nil
                }
            guard rows == nil, let index else {
                return (rows ?? Array(0..<table.count)).filter { row in
                    table.point(row).map { point in boxes.contains { $0.contains(point) } } ?? false
                }
            }
            // The parts of a box across the antimeridian meet there: a point on it must not be given twice.
            return boxes.count == 1 ? index.query(boxes[0]) : Array(Set(boxes.flatMap(index.query))).sorted()
        case .surfaces(let surfaces):
            let envelopes = table.schema.kind == .districts ? snapshot.districtBoxes : snapshot.municipalityBoxes
            return (rows ?? Array(0..<table.count)).filter { row in
                boxes.contains { $0.intersects(envelopes[row]) && surfaces[row].meets($0) }
            }
        }
    }

    private static func statuses(_ rows: [Int], _ column: CodeColumn) -> [(status: String, count: Int)] {
        var counts = [Int](repeating: 0, count: column.dictionary.count + 1)
        for row in rows { counts[Int(column.codes[row])] += 1 }
        return column.dictionary.codes.enumerated().compactMap { number, status in
            counts[number + 1] == 0 ? nil : (status, counts[number + 1])
        }
    }
}
