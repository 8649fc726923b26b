import Foundation
import HTTPTypes
import NetworkModel

/// One page of features as a FeatureCollection, written in pieces.
struct FeaturePage: Sendable {
    private let writer: FeatureWriter
    private let rows: ArraySlice<Int>
    private let opening: [UInt8]

    /// How many features it holds.
    var count: Int { rows.count }

    /// Takes a page of a selection.
    ///
    /// - Parameters:
    ///   - links: the links of the answer.
    ///   - time: when the answer is made; it becomes `timeStamp`.
    init(_ selection: FeatureSelection, _ request: ItemsRequest, served: ServedSnapshot, links: JSON, time: Date)
        throws
    {
        try request.frame?.prepare()
        writer = selection.table.writer.writing(try request.columns(of: selection.table), in: request.frame)
        rows = try request.page(of: selection)
        var opening: [UInt8] = []
        let members: [(String, JSON)] = [
            ("type", "FeatureCollection"),
            ("data_version", .string(served.version(of: request.collection))),
            ("timeStamp", .string(time.ISO8601Format())),
            ("numberMatched", .integer(selection.rows.count)),
            ("numberReturned", .integer(rows.count)),
            ("links", links),
        ]
        JSON.object(members + selection.members).write(into: &opening)
        opening.removeLast()
        opening.append(ascii: ",\"features\":[")
        self.opening = opening
    }

    /// Appends features from a position on until the page ends or a number of bytes is reached.
    ///
    /// - Returns: the position to go on from, or nil when the page is complete.
    func write(from start: Int, into bytes: inout [UInt8], upTo size: Int) -> Int? {
        if start == 0 { bytes.append(contentsOf: opening) }
        let end =
            start
            + writer.write(
                rows[(rows.startIndex + start)...], isFirst: start == 0, framing: .array, into: &bytes, upTo: size)
        if end < rows.count { return end }
        bytes.append(ascii: "]}")
        return nil
    }
}

extension ItemsRequest {
    /// The rows of the page that is asked for.
    ///
    /// - Throws: a problem of status 400 for a cursor behind the last feature: no link leads there.
    func page(of selection: FeatureSelection) throws(Problem) -> ArraySlice<Int> {
        guard cursor == nil || offset < selection.rows.count else {
            throw Problem(
                .badRequest, "parameter 'cursor' points behind the last feature of this selection", parameter: "cursor")
        }
        let start = min(offset, selection.rows.count)
        return selection.rows[start..<min(start + limit, selection.rows.count)]
    }

    /// The cursor of the page behind, or nil on the last one.
    func next(in selection: FeatureSelection, version: String) -> PageCursor? {
        let end = offset + limit
        return end < selection.rows.count ? PageCursor(version: version, offset: end) : nil
    }
}
