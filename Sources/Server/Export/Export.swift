import Analysis
import Geometry
import NetworkModel
import Store

/// A selection as a file, written in pieces: memory does not grow with the number of features.
///
/// Equal selections give equal bytes. Safe to use from any thread.
struct Export: Sendable {
    private let form: ExportFormat
    private let table: FeatureTable
    private let rows: [Int]
    private let writer: FeatureWriter
    private let columns: [Int]
    private let frame: PositionFrame?
    private let opening: [UInt8]

    /// The number of features.
    var count: Int { rows.count }

    /// Takes a selection.
    ///
    /// - Parameter version: the data version, which GeoJSON states.
    /// - Throws: a problem of status 400 for a property that there is not; `GeometryError` where PROJ cannot.
    init(_ selection: FeatureSelection, _ request: ItemsRequest, form: ExportFormat, version: String) throws {
        try request.frame?.prepare()
        let wanted = try request.columns(of: selection.table)
        self.form = form
        self.table = selection.table
        rows = selection.rows
        frame = request.frame
        writer = selection.table.writer.writing(wanted, in: frame)
        let (table, columns) = (selection.table, wanted ?? Array(selection.table.fields.indices))
        self.columns = columns
        var opening: [UInt8] = []
        switch form {
        case .geojson:
            let members: [(String, JSON)] = [
                ("type", "FeatureCollection"), ("data_version", .string(version)),
                ("numberMatched", .integer(rows.count)), ("numberReturned", .integer(rows.count)),
            ]
            JSON.object(members + selection.members).write(into: &opening)
            opening.removeLast()
            opening.append(ascii: ",\"features\":[")
        case .geojsonseq, .gpkg: break
        case .csv, .csvExcel:
            if form == .csvExcel { opening += [0xef, 0xbb, 0xbf] }
            let names = columns.map { table.fields[$0].name } + Self.geometryNames(table, frame, form)
            for (position, name) in names.enumerated() {
                if position > 0 { opening.append(form.dialect.separator) }
                form.dialect.append(name, to: &opening)
            }
            opening.append(ascii: "\r\n")
        }
        self.opening = opening
    }

    /// Appends features from a position on until all are written or a number of bytes is reached.
    ///
    /// - Returns: the position to go on from, or nil when the file is complete.
    func write(from start: Int, into bytes: inout [UInt8], upTo size: Int) -> Int? {
        if start == 0 { bytes.append(contentsOf: opening) }
        switch form {
        case .geojson, .geojsonseq:
            let end =
                start
                + writer.write(
                    rows[start...], isFirst: start == 0, framing: form == .geojson ? .array : .sequence, into: &bytes,
                    upTo: size)
            if end < rows.count { return end }
        case .csv, .csvExcel:
            for position in start..<rows.count {
                if bytes.count >= size { return position }
                writeLine(rows[position], into: &bytes)
            }
        // Made as a file of its own: `writeGeoPackage`.
        case .gpkg: break
        }
        if form == .geojson { bytes.append(ascii: "]}") }
        return nil
    }

    /// The columns that hold the geometry: a position's two ordinates; a surface as well-known text, for which a cell
    /// of Excel has no room.
    private static func geometryNames(
        _ table: FeatureTable, _ frame: PositionFrame?, _ form: ExportFormat
    ) -> [String] {
        switch table.geometry {
        case .none: []
        case .points: frame.map { $0.crs.isGeographic } ?? true ? ["lon", "lat"] : ["easting", "northing"]
        case .surfaces, .geometries: form == .csv ? ["wkt"] : []
        }
    }

    private func writeLine(_ row: Int, into bytes: inout [UInt8]) {
        let dialect = form.dialect
        for (position, column) in columns.enumerated() {
            if position > 0 { bytes.append(dialect.separator) }
            dialect.append(table.columns[column][row], to: &bytes)
        }
        switch table.geometry {
        case .none: break
        case .points:
            let place = table.point(row).flatMap(written)
            for ordinate in [place?.x, place?.y] {
                bytes.append(dialect.separator)
                if let ordinate { dialect.append(ordinate, to: &bytes) }
            }
        case .surfaces, .geometries:
            guard form == .csv else { break }
            bytes.append(dialect.separator)
            if let text = table.shape(row).flatMap(wellKnownText) { dialect.append(text, to: &bytes) }
        }
        bytes.append(ascii: "\r\n")
    }

    /// A position, east first whatever the authority's order is: the columns have names.
    private func written(_ point: Coordinate<Geographic>) -> Coordinate<Unreferenced>? {
        guard let frame else { return Coordinate(x: point.x, y: point.y) }
        guard let place = frame.positions(of: [point])?.first else { return nil }
        return frame.crs.hasNorthFirst ? Coordinate(x: place.y, y: place.x) : place
    }

    /// A geometry as text, axes as in GeoJSON; nil where its CRS cannot express it.
    private func wellKnownText(_ shape: FeatureGeometry<Geographic>) -> String? {
        written(shape).map { WellKnownText.format($0) }
    }

    /// A geometry in the CRS of the file, axes in the authority's order; nil where the CRS cannot express it.
    private func written(_ shape: FeatureGeometry<Geographic>) -> FeatureGeometry<Unreferenced>? {
        guard let frame else { return shape.map { Coordinate(x: $0.x, y: $0.y) } }
        var vertices: [Coordinate<Geographic>] = []
        shape.forEachCoordinate { vertices.append($0) }
        guard let positions = frame.positions(of: vertices) else { return nil }
        var next = positions.makeIterator()
        return shape.map { _ in next.next() ?? Coordinate<Unreferenced>(x: .nan, y: .nan) }
    }

    /// So many rows go into the file between two looks at whether anybody still waits.
    private static let rowsBetweenChecks = 1024

    /// Makes the whole export as a GeoPackage.
    ///
    /// - Parameters:
    ///   - path: where no file is yet.
    ///   - description: what the file says of itself.
    /// - Complexity: O(rows); 24 bytes of memory for each geometry, for the R-tree.
    /// - Throws: `StoreError`; what the cancellation throws.
    func writeGeoPackage(
        to path: String, _ description: FeatureFileWriter.Description, cancellation: Cancellation
    ) throws {
        let fields = columns.map { table.fields[$0] }
        let values = columns.map { table.columns[$0] }
        // A key of numbers is the file's key, too.
        var isKeyed = false
        if columns.first == 0, !table.hasIdentifierAsProperty, case .integer? = values.first { isKeyed = true }
        let dates = values.map { column in
            guard case .date(let dates) = column else { return false }
            return rows.allSatisfy { dates[$0] == 0 || ReducedDate(packed: dates[$0])?.day != nil }
        }
        let writer = try FeatureFileWriter(
            path: path, description, fields: fields, hasNumberedKey: isKeyed, dates: dates,
            geometryType: table.geometryType, crs: frame?.crs ?? .longitudeLatitude)
        let swaps = frame?.crs.hasNorthFirst ?? false
        for start in stride(from: 0, to: rows.count, by: Self.rowsBetweenChecks) {
            try cancellation.check()
            try writer.append(rows[start..<min(start + Self.rowsBetweenChecks, rows.count)], of: values) { row in
                let shape = table.shape(row).flatMap(written)
                return swaps ? shape?.map { Coordinate(x: $0.y, y: $0.x) } : shape
            }
        }
        try writer.finish()
    }
}

extension ExportFormat {
    /// How its cells are written.
    fileprivate var dialect: CSVDialect { self == .csvExcel ? .excel : .standard }
}

extension Snapshot {
    /// The day that the data are as of, in its stated precision: the latest of all regions; nil where none states one.
    var asOf: ReducedDate? {
        regions.date("as_of").compactMap { ReducedDate(packed: $0) }.max()
    }

    /// The name of an export's file: what it holds, as of when, of which data version.
    func exportName(_ collection: FeatureCollection, form: ExportFormat) -> String {
        let day = collection.isLayer ? nil : asOf
        let parts =
            ["kompass", collection.id] + (day.map { [$0.description] } ?? [])
            + [collection.version ?? dataVersion.description]
        return "\(parts.joined(separator: "-")).\(form.fileExtension)"
    }
}
