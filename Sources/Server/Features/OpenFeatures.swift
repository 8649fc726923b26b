import Geometry
import NetworkModel

/// Rows whose columns lie open: plain pointers, so that a row costs no reference counting. Ends with the closure that
/// it is given to.
///
/// Rows are written in blocks. A page's rows lie far apart in every column, so nearly each cell is a read from main
/// memory; a block's reads are made column by column, where the processor has many of them under way at once, before
/// anything is written.
struct OpenFeatures {
    /// A field that rows differ in.
    struct Property {
        /// What stands in front of its value.
        let prefix: UnsafeBufferPointer<UInt8>
        let column: OpenColumn
    }

    /// The cells of a row: the identifier, two of the position, then the properties.
    typealias Cells = UnsafePointer<UInt64>

    let identifiers: OpenColumn
    let geometry: OpenGeometry
    let frame: PositionFrame?
    let properties: UnsafeBufferPointer<Property>
    /// What stands behind the last property.
    let suffix: UnsafeBufferPointer<UInt8>

    /// So many rows are read before they are written.
    private static let block = 128
    /// The cells in front of the properties.
    private static let leading = 3

    /// Hands out rows with their cells until `body` returns false.
    func forEach(of rows: ArraySlice<Int>, _ body: (_ row: Int, _ cells: Cells) -> Bool) {
        let width = Self.leading + properties.count
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: min(rows.count, Self.block) * width) { cells in
            guard let base = cells.baseAddress else { return }
            var start = rows.startIndex
            while start < rows.endIndex {
                let end = min(start + Self.block, rows.endIndex)
                let isWanted = rows[start..<end].withUnsafeBufferPointer { rows in
                    gather(rows, into: base, width: width)
                    return rows.indices.allSatisfy { body(rows[$0], UnsafePointer(base + $0 * width)) }
                }
                guard isWanted else { return }
                start = end
            }
        }
    }

    private func gather(_ rows: UnsafeBufferPointer<Int>, into cells: UnsafeMutablePointer<UInt64>, width: Int) {
        identifiers.gather(rows, into: cells, stride: width)
        if case .points(let longitudes, let latitudes) = geometry {
            OpenColumn.real(longitudes).gather(rows, into: cells + 1, stride: width)
            OpenColumn.real(latitudes).gather(rows, into: cells + 2, stride: width)
        }
        for position in properties.indices {
            properties[position].column.gather(rows, into: cells + Self.leading + position, stride: width)
        }
    }

    /// Writes a row as a feature.
    func writeFeature(_ row: Int, _ cells: Cells, into text: inout ByteText) {
        text.append(ascii: "{\"type\":\"Feature\",\"id\":")
        identifiers.write(cells[0], into: &text)
        text.append(ascii: ",\"geometry\":")
        writeGeometry(row, cells, into: &text)
        text.append(ascii: ",\"properties\":")
        writeProperties(cells, into: &text)
        text.append(UInt8(ascii: "}"))
    }

    /// Writes the fields of a row as one object.
    func writeProperties(_ cells: Cells, into text: inout ByteText) {
        for position in properties.indices {
            text.append(properties[position].prefix)
            properties[position].column.write(cells[Self.leading + position], into: &text)
        }
        text.append(suffix)
    }

    private func writeGeometry(_ row: Int, _ cells: Cells, into text: inout ByteText) {
        switch geometry {
        case .none: text.append(ascii: "null")
        case .points:
            var position = (Double(bitPattern: cells[1]), Double(bitPattern: cells[2]))
            guard position.0.isFinite, position.1.isFinite else { return text.append(ascii: "null") }
            if let frame {
                let place = Coordinate<Geographic>(longitude: position.0, latitude: position.1)
                guard let written = frame.positions(of: [place])?.first else { return text.append(ascii: "null") }
                position = (written.x, written.y)
            }
            text.append(ascii: "{\"type\":\"Point\",\"coordinates\":[")
            text.append(json: position.0)
            text.append(UInt8(ascii: ","))
            text.append(json: position.1)
            text.append(ascii: "]}")
        case .surfaces(let surfaces):
            var bytes: [UInt8] = []
            bytes.append(surface: surfaces[row], in: frame)
            text.append(contentsOf: bytes)
        case .geometries(let geometries):
            guard let geometry = geometries[row] else { return text.append(ascii: "null") }
            var bytes: [UInt8] = []
            bytes.append(geometry: geometry, in: frame)
            text.append(contentsOf: bytes)
        }
    }
}

/// A column of geometries that lies open.
enum OpenGeometry {
    case none
    case points(UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>)
    case surfaces([MultiPolygon<Geographic>])
    case geometries([FeatureGeometry<Geographic>?])
}

extension GeometryColumn {
    /// Opens the column for as long as `body` runs.
    func withOpen<Result>(_ body: (OpenGeometry) -> Result) -> Result {
        switch self {
        case .none: body(.none)
        case .points(let longitudes, let latitudes):
            longitudes.withUnsafeBufferPointer { longitudes in
                latitudes.withUnsafeBufferPointer { body(.points(longitudes, $0)) }
            }
        case .surfaces(let surfaces): body(.surfaces(surfaces))
        case .geometries(let geometries): body(.geometries(geometries))
        }
    }
}

/// A column that lies open.
enum OpenColumn {
    case text(UnsafeBufferPointer<UInt8>, ends: UnsafeBufferPointer<UInt32>, needsEscapes: Bool)
    /// Texts of which some are stated to be empty.
    case textWithBlanks(TextColumn)
    case code(UnsafeBufferPointer<UInt32>, OpenCodes)
    case codeList(UnsafeBufferPointer<UInt32>, ends: UnsafeBufferPointer<UInt32>, OpenCodes, isRequired: Bool)
    case integer(UnsafeBufferPointer<Int64>)
    case real(UnsafeBufferPointer<Double>)
    case date(UnsafeBufferPointer<Int32>)
    case boolean(UnsafeBufferPointer<UInt8>)
    case timestamp(UnsafeBufferPointer<Int64>)

    /// Reads the cells of rows: a number's bits, a code's number, or where a text or list begins and ends.
    ///
    /// - Parameters:
    ///   - cells: where the first row's cell goes, and
    ///   - stride: how far behind it the next one's.
    func gather(_ rows: UnsafeBufferPointer<Int>, into cells: UnsafeMutablePointer<UInt64>, stride: Int) {
        switch self {
        case .text(let bytes, let ends, _):
            Self.gather(rows, into: cells, stride) { Self.extent($0, ends) }
            Self.touch(bytes, rows.count, cells, stride)
        case .textWithBlanks: Self.gather(rows, into: cells, stride) { UInt64($0) }
        case .codeList(let codes, let ends, _, _):
            Self.gather(rows, into: cells, stride) { Self.extent($0, ends) }
            Self.touch(codes, rows.count, cells, stride)
        case .code(let codes, _): Self.gather(rows, into: cells, stride) { UInt64(codes[$0]) }
        case .integer(let values), .timestamp(let values):
            Self.gather(rows, into: cells, stride) { UInt64(bitPattern: values[$0]) }
        case .boolean(let values): Self.gather(rows, into: cells, stride) { UInt64(values[$0]) }
        case .real(let values): Self.gather(rows, into: cells, stride) { values[$0].bitPattern }
        case .date(let values):
            Self.gather(rows, into: cells, stride) { UInt64(UInt32(bitPattern: values[$0])) }
        }
    }

    /// The cell of one row.
    func cell(_ row: Int) -> UInt64 {
        var cell: UInt64 = 0
        [row].withUnsafeBufferPointer { rows in
            withUnsafeMutablePointer(to: &cell) { gather(rows, into: $0, stride: 1) }
        }
        return cell
    }

    /// Appends the value of a cell; what is not stated is null.
    func write(_ cell: UInt64, into text: inout ByteText) {
        switch self {
        case .text(let bytes, _, let needsEscapes):
            let range = Self.range(cell)
            guard !range.isEmpty else { return text.append(ascii: "null") }
            let value = UnsafeBufferPointer(rebasing: bytes[range])
            if needsEscapes { text.append(jsonUTF8: value) } else { text.append(plainJSON: value) }
        case .textWithBlanks(let column):
            guard var value = column[Int(truncatingIfNeeded: cell)] else { return text.append(ascii: "null") }
            value.withUTF8 { text.append(jsonUTF8: $0) }
        case .code(_, let escaped): text.append(escaped[UInt32(truncatingIfNeeded: cell)])
        case .codeList(let codes, _, let escaped, let isRequired):
            let range = Self.range(cell)
            guard !range.isEmpty else {
                text.append(ascii: isRequired ? "[]" : "null")
                return
            }
            text.append(UInt8(ascii: "["))
            for position in range {
                if position > range.lowerBound { text.append(UInt8(ascii: ",")) }
                text.append(escaped[codes[position]])
            }
            text.append(UInt8(ascii: "]"))
        case .integer:
            let value = Int64(bitPattern: cell)
            if value == Column.missingInteger {
                text.append(ascii: "null")
            } else {
                text.append(json: value)
            }
        case .real: text.append(json: Double(bitPattern: cell))
        case .date:
            guard let date = ReducedDate(packed: Int32(truncatingIfNeeded: cell)) else {
                return text.append(ascii: "null")
            }
            var spelled = date.description
            spelled.withUTF8 { text.append(plainJSON: $0) }
        case .boolean: text.append(ascii: cell == 0 ? "null" : cell == 2 ? "true" : "false")
        case .timestamp:
            guard var spelled = TimestampText.text(Int64(bitPattern: cell)) else { return text.append(ascii: "null") }
            spelled.withUTF8 { text.append(plainJSON: $0) }
        }
    }

    @inline(__always)
    private static func gather(
        _ rows: UnsafeBufferPointer<Int>, into cells: UnsafeMutablePointer<UInt64>, _ stride: Int,
        _ cell: (Int) -> UInt64
    ) {
        for position in rows.indices { cells[position * stride] = cell(rows[position]) }
    }

    /// Looks at the first element of each text or list, so that it is near when it is written.
    @inline(__always)
    private static func touch<Element: FixedWidthInteger>(
        _ elements: UnsafeBufferPointer<Element>, _ count: Int, _ cells: UnsafeMutablePointer<UInt64>, _ stride: Int
    ) {
        var seen: Element = 0
        for position in 0..<count {
            let range = range(cells[position * stride])
            if !range.isEmpty { seen ^= elements[range.lowerBound] }
        }
        withExtendedLifetime(seen) {}
    }

    @inline(__always)
    private static func extent(_ row: Int, _ ends: UnsafeBufferPointer<UInt32>) -> UInt64 {
        UInt64(row == 0 ? 0 : ends[row - 1]) << 32 | UInt64(ends[row])
    }

    @inline(__always)
    private static func range(_ extent: UInt64) -> Range<Int> {
        Int(extent >> 32)..<Int(extent & 0xffff_ffff)
    }
}

/// Escaped codes that lie open.
struct OpenCodes {
    let bytes: UnsafeBufferPointer<UInt8>
    let ends: UnsafeBufferPointer<Int>

    subscript(number: UInt32) -> UnsafeBufferPointer<UInt8> {
        let number = Int(number)
        return UnsafeBufferPointer(rebasing: bytes[(number == 0 ? 0 : ends[number - 1])..<ends[number]])
    }
}
