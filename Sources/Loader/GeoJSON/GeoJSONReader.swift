import Geometry
import NetworkModel

/// Reads GeoJSON feature by feature: a `FeatureCollection`, a single `Feature`, or features line by line (RFC 8142).
///
/// The file passes through a window of a few megabytes; a feature that the window cuts off is taken again when
/// more of the file has come.
final class GeoJSONReader: RowReader {
    private(set) var columns: [String] = []
    private(set) var crs: StatedCRS?
    private(set) var notes: [String] = []
    let hasGeometry = true
    let decimal = DecimalMark.point

    /// Where in the document the reader stands.
    private enum Place {
        /// Before a feature collection or a feature.
        case root
        /// Before a member's name of a feature collection.
        case members
        /// Before a feature in the list of a collection.
        case features
        /// Behind a feature or a collection's member.
        case afterFeature
        case afterMember
    }

    private let name: String
    private let window: ByteWindow
    private let mayBeInvalid: Bool
    /// Whether somebody could ask for the feature's own id.
    private let takesIdentifier: Bool
    private var place = Place.root
    private var isSequence = false
    private var documents = 0
    private var hasFeatures = false
    private var features = 0
    private var position = 0
    private var line = 1
    private var index = IdentifierIndex()
    /// The columns' names as bytes, and which one is likely to come next.
    private var names: [[UInt8]] = []
    private var geometryScanner = GeometryScanner()

    init(_ file: SourceFile, survey: SourceFile.Survey, input: InputDefinition) throws(LoaderError) {
        name = file.name
        let encoding = input.encoding ?? .utf8
        takesIdentifier = input.columns != nil || input.kind.schema.position(of: "id") != nil
        mayBeInvalid = encoding == .utf8 && !survey.validity.isValid
        window = ByteWindow(file, encoding: encoding, offset: survey.head.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0)
        try window.advance(past: 0)
    }

    var dialect: String {
        let system: String? =
            switch crs {
            case .named(let name): ", crs member \(name)"
            case .longitudeLatitude: ", crs member of longitude and latitude"
            case nil: nil
            }
        return (isSequence ? "GeoJSON sequence" : "GeoJSON") + (system ?? "")
    }

    func read(into batch: RowBatch) throws(LoaderError) -> Bool {
        batch.removeAll()
        batch.arena = window.arena
        batch.width = max(16, columns.count)
        if window.arena.count - position < ByteWindow.step / 2 { try readOn() }
        while true {
            do throws(JSONFault) {
                if try !step(batch) { return batch.rowCount > 0 }
                if batch.isFull { return true }
            } catch {
                switch error {
                case .incomplete:
                    if batch.rowCount > 0 { return true }
                    guard !window.isAtEnd else { throw brokenOff() }
                    guard window.arena.count - position <= ByteWindow.longestRecord else {
                        throw .damaged(
                            file: name, line: line,
                            reason: "one value is longer than 256 MB; is a bracket or quote not closed?")
                    }
                    try readOn()
                case .malformed(let offset, let reason):
                    countLines(to: offset)
                    throw .damaged(file: name, line: line, reason: "not valid JSON: \(reason)")
                }
            }
        }
    }

    private func readOn() throws(LoaderError) {
        try window.advance(past: position)
        position = 0
    }

    private func brokenOff() -> LoaderError {
        .damaged(
            file: name, line: line,
            reason: "the file breaks off \(features == 0 ? "before the first feature" : "behind feature \(features)"); "
                + "fetch or write it again")
    }

    private func countLines(to offset: Int) {
        let bytes = UnsafeBufferPointer(start: window.arena.base + position, count: max(0, offset - position))
        var count = 0
        for byte in bytes where byte == 0x0a { count += 1 }
        line += count
        position = offset
    }

    /// Takes one piece of the document. - Returns: false at its end. Nothing is changed where it throws.
    private func step(_ batch: RowBatch) throws(JSONFault) -> Bool {
        var scanner = JSONScanner(window.arena.base, from: position, to: window.arena.count, isLast: window.isAtEnd)
        switch place {
        case .root:
            guard skipToDocument(&scanner) else {
                guard window.isAtEnd else { throw .incomplete }
                if documents == 0 { throw .malformed(scanner.position, "the file is empty") }
                return false
            }
            countLines(to: scanner.position)
            try document(&scanner, batch)
        case .features:
            if try scanner.peek() == UInt8(ascii: "]") {
                scanner.position += 1
                place = .afterMember
            } else {
                countLines(to: scanner.position)
                try feature(&scanner, batch)
                place = .afterFeature
            }
        case .afterFeature: place = try scanner.another(closing: UInt8(ascii: "]")) ? .features : .afterMember
        case .afterMember: place = try scanner.another(closing: UInt8(ascii: "}")) ? .members : .root
        case .members: try member(&scanner)
        }
        countLines(to: scanner.position)
        return true
    }

    /// Passes over blanks and record separators. - Returns: false at the end of the buffer.
    private func skipToDocument(_ scanner: inout JSONScanner) -> Bool {
        while scanner.position < scanner.end {
            let byte = scanner.base[scanner.position]
            guard byte == 0x1e || byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) else { return true }
            scanner.position += 1
        }
        return false
    }

    /// Begins a collection or takes a feature that stands alone.
    private func document(_ scanner: inout JSONScanner, _ batch: RowBatch) throws(JSONFault) {
        let start = scanner
        guard try scanner.peek() == UInt8(ascii: "{") else {
            throw scanner.malformed("expected a FeatureCollection or a Feature")
        }
        guard try scanner.open(UInt8(ascii: "{"), closing: UInt8(ascii: "}")) else {
            throw scanner.malformed("the object is neither a FeatureCollection nor a Feature")
        }
        repeat {
            let member = scanner.text(try scanner.name())
            switch member {
            case "type":
                let type = scanner.text(try scanner.value())
                switch type {
                case "FeatureCollection":
                    try beginCollection(&scanner, at: start)
                    return
                case "Feature":
                    scanner = start
                    try lone(&scanner, batch)
                    return
                default:
                    throw scanner.malformed(
                        "the type '\(type.prefix(40))' is neither FeatureCollection nor Feature; only features have properties"
                    )
                }
            case "features":
                try beginCollection(&scanner, at: start)
                return
            case "geometry", "properties":
                scanner = start
                try lone(&scanner, batch)
                return
            default: try scanner.skip()
            }
        } while try scanner.another(closing: UInt8(ascii: "}"))
        throw scanner.malformed("the object is neither a FeatureCollection nor a Feature")
    }

    private func beginCollection(_ scanner: inout JSONScanner, at start: JSONScanner) throws(JSONFault) {
        scanner = start
        try scanner.expect(UInt8(ascii: "{"))
        _ = try scanner.peek()
        documents += 1
        place = .members
    }

    private func lone(_ scanner: inout JSONScanner, _ batch: RowBatch) throws(JSONFault) {
        try feature(&scanner, batch)
        documents += 1
        isSequence = documents > 1
    }

    private func member(_ scanner: inout JSONScanner) throws(JSONFault) {
        let member = scanner.text(try scanner.name())
        switch member {
        case "features":
            try scanner.expect(UInt8(ascii: "["))
            hasFeatures = true
            place = .features
            return
        case "crs":
            let cell = try scanner.value()
            guard cell.kind == .nested else { break }
            let stated = try Self.crs(scanner, cell)
            if hasFeatures, features > 0, stated != crs {
                throw scanner.malformed(
                    "the crs member stands behind the features; state the system in the mapping (crs: \"EPSG:...\")")
            }
            crs = stated
        default: try scanner.skip()
        }
        place = .afterMember
    }

    /// Reads the `crs` member of GeoJSON 2008.
    private static func crs(_ outer: JSONScanner, _ cell: RawCell) throws(JSONFault) -> StatedCRS? {
        var scanner = JSONScanner(outer.base, from: Int(cell.start), to: Int(cell.start + cell.count), isLast: true)
        var stated: String?
        guard try scanner.open(UInt8(ascii: "{"), closing: UInt8(ascii: "}")) else { return nil }
        repeat {
            guard scanner.text(try scanner.name()) == "properties", try scanner.peek() == UInt8(ascii: "{") else {
                try scanner.skip()
                continue
            }
            guard try scanner.open(UInt8(ascii: "{"), closing: UInt8(ascii: "}")) else { continue }
            repeat {
                let name = scanner.text(try scanner.name())
                let value = try scanner.value()
                if name == "name" || name == "code" { stated = scanner.text(value) }
            } while try scanner.another(closing: UInt8(ascii: "}"))
        } while try scanner.another(closing: UInt8(ascii: "}"))
        guard let stated else { return nil }
        let name = stated.uppercased()
        // In GeoJSON the axis order is x/y whatever the authority says, so that these three mean the same.
        if name.hasSuffix("CRS84") || name == "EPSG:4326" || name.hasSuffix(":EPSG::4326") { return .longitudeLatitude }
        guard name.hasPrefix("URN:OGC:DEF:CRS:"), let code = name.split(separator: ":").last else {
            return .named(stated)
        }
        return .named(name.contains(":EPSG:") ? "EPSG:\(code)" : stated)
    }

    private func feature(_ scanner: inout JSONScanner, _ batch: RowBatch) throws(JSONFault) {
        let row = batch.rowCount
        batch.cells.append(contentsOf: repeatElement(.null, count: batch.width))
        var geometry = ScannedGeometry.none
        var identifier = RawCell.null
        do throws(JSONFault) {
            guard try scanner.peek() == UInt8(ascii: "{") else { throw scanner.malformed("expected a feature") }
            if try scanner.open(UInt8(ascii: "{"), closing: UInt8(ascii: "}")) {
                repeat {
                    let member = try scanner.name()
                    let bytes = UnsafeBufferPointer(start: scanner.base + Int(member.start), count: Int(member.count))
                    if bytes.elementsEqual("properties".utf8) {
                        try properties(&scanner, batch, row: row)
                    } else if bytes.elementsEqual("geometry".utf8) {
                        geometry = try geometryScanner.geometry(&scanner)
                    } else if bytes.elementsEqual("id".utf8) {
                        identifier = try scanner.value()
                    } else {
                        try scanner.skip()
                    }
                } while try scanner.another(closing: UInt8(ascii: "}"))
            }
            if takesIdentifier, identifier.kind != .null { try take(identifier, batch, row: row) }
        } catch {
            batch.cells.removeSubrange((row * batch.width)...)
            throw error
        }
        features += 1
        finish(batch, row: row, geometry)
    }

    /// The feature's own id fills the column `id` where the properties have none.
    private func take(_ identifier: RawCell, _ batch: RowBatch, row: Int) throws(JSONFault) {
        let column = "id".utf8.withContiguousStorageIfAvailable { columnIndex($0) } ?? 0
        try widen(batch, toHold: column)
        if batch.cells[row * batch.width + column].kind == .null {
            batch.cells[row * batch.width + column] = identifier
        }
    }

    private func properties(_ scanner: inout JSONScanner, _ batch: RowBatch, row: Int) throws(JSONFault) {
        guard try scanner.peek() == UInt8(ascii: "{") else {
            try scanner.skip()
            return
        }
        guard try scanner.open(UInt8(ascii: "{"), closing: UInt8(ascii: "}")) else { return }
        var likely = 0
        repeat {
            let name = try scanner.name()
            let value = try scanner.value()
            let bytes = UnsafeBufferPointer(start: scanner.base + Int(name.start), count: Int(name.count))
            var column = likely
            if likely >= names.count || !names[likely].elementsEqual(bytes) {
                if name.kind == .escaped {
                    var text = scanner.text(name)
                    column = text.withUTF8 { columnIndex($0) }
                } else {
                    column = columnIndex(bytes)
                }
                try widen(batch, toHold: column)
            }
            batch.cells[row * batch.width + column] = value
            likely = column + 1
        } while try scanner.another(closing: UInt8(ascii: "}"))
    }

    /// Makes room for a column. Where the rows before would take too much, they go first: the feature is taken again.
    private func widen(_ batch: RowBatch, toHold column: Int) throws(JSONFault) {
        guard column >= batch.width else { return }
        let width = max(batch.width * 2, column + 1)
        guard batch.hasRoom(forWidth: width) else { throw .incomplete }
        batch.widen(to: width)
    }

    private func columnIndex(_ name: UnsafeBufferPointer<UInt8>) -> Int {
        let (column, isNew) = index.insert(utf8: name)
        if isNew {
            names.append(Array(name))
            columns.append(String(decoding: name, as: UTF8.self))
        }
        return column
    }

    private func finish(_ batch: RowBatch, row: Int, _ geometry: ScannedGeometry) {
        // Where features share a line (many writers put all on one), its number would say nothing: the feature's does.
        batch.lines.append(max(line, features))
        for index in (row * batch.width)..<((row + 1) * batch.width) {
            let cell = batch.cells[index]
            switch cell.kind {
            case .escaped:
                let count = JSONText.unescape(window.arena.base + Int(cell.start), count: Int(cell.count))
                batch.cells[index] = RawCell(
                    start: Int(cell.start), count: count ?? 0, kind: count == nil ? .invalid : .text)
            case .array:
                let count = JSONText.flatten(window.arena.base + Int(cell.start), count: Int(cell.count))
                batch.cells[index] = RawCell(
                    start: Int(cell.start), count: count ?? Int(cell.count), kind: count == nil ? .nested : .list)
            default: break
            }
            if mayBeInvalid, batch.cells[index].kind != .null, !UTF8Validity.isValid(batch.bytes(batch.cells[index])) {
                batch.cells[index].kind = .invalid
            }
        }
        var x = Double.nan
        var y = Double.nan
        switch geometry {
        case .none: break
        case .point(let east, let north):
            x = east
            y = north
        case .shape(let shape): batch.shapes[row] = shape
        case .problem(let reason): batch.geometryProblems[row] = reason
        }
        batch.xs.append(x)
        batch.ys.append(y)
    }
}
