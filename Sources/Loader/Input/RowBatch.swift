import Geometry
import NetworkModel

/// One value of a row as the file states it: a run of bytes in the batch's arena.
struct RawCell: BitwiseCopyable {
    enum Kind: UInt8, BitwiseCopyable {
        /// Not stated.
        case null
        /// A text of valid UTF-8.
        case text
        /// A number in decimal digits with a point.
        case number
        /// `true` or `false`.
        case boolean
        /// Several texts, apart by the byte `RawCell.listSeparator`.
        case list
        /// An object or a nested list: no field holds one.
        case nested
        /// Bytes that are not UTF-8, or control characters.
        case invalid
        /// A JSON string with escapes, until its feature is complete.
        case escaped
        /// A JSON array, until its feature is complete.
        case array
    }

    var start: UInt32
    var count: UInt32
    var kind: Kind

    static let null = RawCell(start: 0, count: 0, kind: .null)
    /// ASCII's unit separator.
    static let listSeparator: UInt8 = 0x1f

    init(start: Int, count: Int, kind: Kind) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = UInt32(truncatingIfNeeded: count)
        self.kind = kind
    }
}

/// Some rows of a file, as far as its format was understood and nothing else.
final class RowBatch {
    /// How many rows are handed on at once: enough to keep per-batch costs small, few enough for memory.
    static let capacity = 16_384
    /// How many cells these may have together, 48 MiB: where rows are wide there are fewer of them, at least one.
    static let cellCapacity = 1 << 22

    /// The bytes that the cells point into.
    var arena: ByteArena
    /// All cells, row by row, `width` for each.
    var cells: [RawCell] = []
    /// Cells per row; at least the number of columns.
    var width = 0
    /// Where each row begins: its line, or its position where the format has no lines.
    var lines: [Int] = []
    /// Rows that could not be taken apart: they are read and rejected.
    var rejections: [RowIssue] = []
    /// Rows without any value.
    var blankRows = 0

    /// Points; NaN where a row has none.
    var xs: [Double] = []
    var ys: [Double] = []
    /// Geometries other than points.
    var shapes: [Int: FeatureGeometry<Unreferenced>] = [:]
    /// Why a row's geometry cannot be read.
    var geometryProblems: [Int: String] = [:]

    init(arena: ByteArena) { self.arena = arena }

    var rowCount: Int { lines.count }

    /// Whether there is no room for one more row.
    var isFull: Bool { rowCount >= Self.capacity || !hasRoom(forWidth: width) }

    /// Whether one more row finds room where all are of a width.
    func hasRoom(forWidth width: Int) -> Bool { rowCount == 0 || (rowCount + 1) * width <= Self.cellCapacity }

    func removeAll() {
        cells.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        rejections.removeAll()
        blankRows = 0
        xs.removeAll(keepingCapacity: true)
        ys.removeAll(keepingCapacity: true)
        shapes.removeAll()
        geometryProblems.removeAll()
    }

    /// Makes rows wider: a column was met that the rows before did not have.
    func widen(to newWidth: Int) {
        guard newWidth > width else { return }
        var wider: [RawCell] = []
        wider.reserveCapacity(max(cells.count / max(1, width), 1) * newWidth)
        var start = 0
        while start < cells.count {
            wider.append(contentsOf: cells[start..<(start + width)])
            wider.append(contentsOf: repeatElement(.null, count: newWidth - width))
            start += width
        }
        cells = wider
        width = newWidth
    }

    /// The bytes of a cell. Valid until the batch is filled again.
    func bytes(_ cell: RawCell) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: arena.base + Int(cell.start), count: Int(cell.count))
    }

    /// The bytes of a cell as text, for messages.
    func text(_ cell: RawCell) -> String {
        String(decoding: bytes(cell).map { $0 == RawCell.listSeparator ? UInt8(ascii: ";") : $0 }, as: UTF8.self)
    }
}

/// The coordinate reference system that a file says its geometries are in.
enum StatedCRS: Sendable, Hashable {
    /// Longitude and latitude (RFC 7946, GeoPackage's 4326).
    case longitudeLatitude
    /// Named by an authority's code or by a definition that PROJ reads.
    case named(String)
}

/// A file's rows, batch by batch, in one format. Used by one task at a time.
protocol RowReader: AnyObject {
    /// The columns met so far; later batches may add some.
    var columns: [String] { get }
    /// What was detected or told, for people.
    var dialect: String { get }
    /// Whether rows carry geometries apart from their columns.
    var hasGeometry: Bool { get }
    /// The reference system of those geometries, where the file states one.
    var crs: StatedCRS? { get }
    /// The mark between whole and decimal digits in texts.
    var decimal: DecimalMark { get }
    /// Statements about the whole file.
    var notes: [String] { get }

    /// Takes the next rows. - Returns: false where there are no more.
    func read(into batch: RowBatch) throws(LoaderError) -> Bool
}
