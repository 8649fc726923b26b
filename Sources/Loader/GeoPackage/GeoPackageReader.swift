import Foundation
import GRDBSQLite
import Geometry
import NetworkModel

/// Reads one layer of a GeoPackage.
final class GeoPackageReader: RowReader {
    private(set) var columns: [String] = []
    let hasGeometry: Bool
    let crs: StatedCRS?
    let decimal: DecimalMark
    let dialect: String

    private let query: SQLiteQuery
    private let geometryColumn: Int?
    private let arena = ByteArena()
    private var row = 0
    private var isDone = false
    private var blankRows = 0

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - name: the file's name for messages (another than the path where the file is a conversion).
    ///   - header: the row that holds the columns' names, where the layer has none of its own; 0 otherwise.
    init(_ url: URL, name: String, input: InputDefinition, origin: String? = nil, header: Int = 0) throws(LoaderError) {
        let file = try SQLiteFile(url, name: name)
        let layer = try Self.layer(file, name: name, wanted: input.layer)
        var names: [String] = []
        var geometryColumn: Int?
        for column in try file.texts("PRAGMA table_info(\(SQLiteFile.quoted(layer.name)))") {
            guard let columnName = column[1] else { continue }
            // The number that GDAL gave each row is no column of the file.
            if columnName == OGRConversion.rowColumn { continue }
            if columnName == layer.geometryColumn { geometryColumn = names.count }
            names.append(columnName)
        }
        // In the order of the table, so that the same file gives the same records; a view has no rows of its own.
        let isTable = try !file.texts(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = \(SQLiteFile.literal(layer.name))"
        ).isEmpty
        let selected = names.map(SQLiteFile.quoted).joined(separator: ", ")
        query = try file.query(
            "SELECT \(selected) FROM \(SQLiteFile.quoted(layer.name))\(isTable ? " ORDER BY rowid" : "")")
        self.geometryColumn = geometryColumn
        columns = names.enumerated().map { $0.offset == geometryColumn ? "" : $0.element }
        hasGeometry = geometryColumn != nil
        crs = layer.crs
        decimal = input.decimal ?? .point
        dialect =
            "\(origin ?? "GeoPackage"), layer '\(layer.name)'"
            + (layer.crs.map { ", \($0 == .longitudeLatitude ? "longitude/latitude" : "CRS of the file")" } ?? "")
        if header > 0 { try readHeader(header, name: name) }
    }

    var notes: [String] { blankRows > 0 ? ["\(blankRows) blank rows passed over"] : [] }

    private struct Layer {
        let name: String
        let geometryColumn: String?
        let crs: StatedCRS?
    }

    private static func layer(_ file: SQLiteFile, name: String, wanted: String?) throws(LoaderError) -> Layer {
        guard try !file.texts("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_contents'").isEmpty else {
            throw .wrongFormat(
                file: name, expected: "a GeoPackage", found: "an SQLite database without the table gpkg_contents",
                cure: "export the layer as GeoPackage, GeoJSON or CSV")
        }
        let known = try file.texts(
            "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes') ORDER BY table_name"
        ).compactMap { $0[0] }
        guard let layer = wanted ?? (known.count == 1 ? known[0] : nil), known.contains(layer) else {
            throw .layer(file: name, wanted: wanted, known: known)
        }
        let text = SQLiteFile.literal(layer)
        guard
            let geometry = try file.texts(
                """
                SELECT g.column_name, s.organization, s.organization_coordsys_id, s.definition, s.srs_id
                FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s USING (srs_id) WHERE g.table_name = \(text)
                """
            ).first
        else { return Layer(name: layer, geometryColumn: nil, crs: nil) }
        return Layer(name: layer, geometryColumn: geometry[0], crs: Self.crs(geometry))
    }

    private static func crs(_ row: [String?]) -> StatedCRS? {
        guard let identifier = row[4].flatMap(Int.init), identifier > 0 else { return nil }
        guard let organisation = row[1], let code = row[2], organisation.uppercased() != "NONE" else {
            return row[3].map(StatedCRS.named)
        }
        return organisation.uppercased() == "EPSG" && code == "4326"
            ? .longitudeLatitude : .named("\(organisation.uppercased()):\(code)")
    }

    private func readHeader(_ header: Int, name: String) throws(LoaderError) {
        for _ in 0..<header {
            guard try query.step() else {
                throw .damaged(file: name, line: nil, reason: "there is no header record \(header)")
            }
            row += 1
        }
        for column in columns.indices where column != geometryColumn {
            let text = query.text(column) ?? ""
            columns[column] = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }

    func read(into batch: RowBatch) throws(LoaderError) -> Bool {
        batch.removeAll()
        arena.removeAll()
        batch.arena = arena
        batch.width = columns.count
        while !isDone, !batch.isFull {
            guard try query.step() else {
                isDone = true
                break
            }
            row += 1
            take(batch)
        }
        return batch.rowCount > 0
    }

    private func take(_ batch: RowBatch) {
        let index = batch.rowCount
        // Spreadsheets often end in thousands of rows without any value.
        guard (0..<columns.count).contains(where: { query.type($0) != SQLITE_NULL }) else {
            blankRows += 1
            return
        }
        var x = Double.nan
        var y = Double.nan
        for column in columns.indices {
            guard column != geometryColumn else {
                (x, y) = geometry(column, batch, index)
                batch.cells.append(.null)
                continue
            }
            batch.cells.append(cell(column))
        }
        batch.lines.append(row)
        batch.xs.append(x)
        batch.ys.append(y)
    }

    private func cell(_ column: Int) -> RawCell {
        switch query.type(column) {
        case SQLITE_TEXT:
            let bytes = query.utf8(column)
            let isText = UTF8Validity.isValid(bytes) && !bytes.contains(0)
            return RawCell(start: arena.append(bytes), count: bytes.count, kind: isText ? .text : .invalid)
        case SQLITE_INTEGER: return number(String(query.integer(column)))
        case SQLITE_FLOAT:
            let value = query.real(column)
            // A key or count that a format keeps as a real number stays readable as one.
            return number(value == value.rounded() && abs(value) < 0x1p53 ? String(Int64(value)) : "\(value)")
        case SQLITE_BLOB: return RawCell(start: 0, count: 0, kind: .nested)
        default: return .null
        }
    }

    private func number(_ text: String) -> RawCell {
        var text = text
        let start = text.withUTF8 { arena.append($0) }
        return RawCell(start: start, count: text.utf8.count, kind: .number)
    }

    private func geometry(_ column: Int, _ batch: RowBatch, _ index: Int) -> (Double, Double) {
        let blob = query.blob(column)
        guard !blob.isEmpty else { return (.nan, .nan) }
        do {
            if blob.count <= 61, let point = try GeoPackageBlob<Unreferenced>.point(in: blob) {
                return (point.x, point.y)
            }
            let geometry = try GeoPackageBlob<Unreferenced>(decoding: blob).geometry
            if case .point(let point) = geometry { return (point.x, point.y) }
            batch.shapes[index] = geometry
        } catch {
            batch.geometryProblems[index] = error.description
        }
        return (.nan, .nan)
    }
}
