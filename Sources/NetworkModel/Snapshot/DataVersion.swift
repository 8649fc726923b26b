internal import Crypto
internal import Geometry

/// The identity of a snapshot's content: a hash of everything that is published, and of nothing else.
///
/// Neither the time of a load nor the order of rows or files enters it: equal content has an equal version.
public struct DataVersion: Sendable, Hashable, CustomStringConvertible {
    /// The first 16 hexadecimal digits of the SHA-256 digest: enough for cache keys, short enough for URLs.
    public let description: String

    /// Computes the version of a layer of another file. - Complexity: O(bytes)
    init(layer name: String, fields: [Field], columns: [Column], geometry: GeometryColumn) {
        var digest = ContentDigest()
        digest.update(layer: name, fields: fields, columns: columns, geometry: geometry)
        description = digest.hexadecimal(bytes: 8)
    }

    /// Computes the version of several contents together.
    public init(joining versions: [DataVersion]) {
        var digest = ContentDigest()
        for version in versions { digest.update(version.description) }
        description = digest.hexadecimal(bytes: 8)
    }

    /// Computes the version of canonical tables. - Complexity: O(bytes)
    init(of tables: [Table]) {
        var digest = ContentDigest()
        for table in tables { digest.update(table) }
        description = digest.hexadecimal(bytes: 8)
    }
}

/// SHA-256 over columns, with every length written before its bytes so that no two contents run together.
struct ContentDigest {
    private var hash = SHA256()

    mutating func update(_ table: Table) {
        update(table.schema.kind.rawValue)
        update(count: table.count)
        for (field, column) in zip(table.schema.fields, table.columns) {
            update(field.name)
            update(column)
        }
        update(table.geometry)
    }

    mutating func update(layer name: String, fields: [Field], columns: [Column], geometry: GeometryColumn) {
        update(name)
        for (field, column) in zip(fields, columns) {
            update(field.name)
            update(field.type.rawValue)
            update(column)
        }
        update(geometry)
    }

    private mutating func update(_ geometry: GeometryColumn) {
        switch geometry {
        case .none: break
        case .points(let longitudes, let latitudes):
            update(raw: longitudes)
            update(raw: latitudes)
        case .surfaces(let surfaces):
            for surface in surfaces {
                update(count: surface.polygons.count)
                for polygon in surface.polygons {
                    update(count: polygon.holes.count)
                    for ring in polygon.rings { update(raw: ring.coordinates) }
                }
            }
        case .geometries(let geometries):
            for geometry in geometries { update(raw: geometry.map(WellKnownBinary.encode) ?? []) }
        }
    }

    private mutating func update(_ column: Column) {
        switch column {
        case .text(let column):
            update(raw: column.bytes)
            update(raw: column.ends)
            if column.hasBlanks {
                update(raw: (0..<column.count).map { column.isNull($0) })
            }
        case .code(let column):
            for code in column.dictionary.codes { update(code) }
            update(raw: column.codes)
        case .codeList(let column):
            for code in column.dictionary.codes { update(code) }
            update(raw: column.codes)
            update(raw: column.ends)
        case .integer(let values): update(raw: values)
        case .real(let values): update(raw: values)
        case .date(let values): update(raw: values)
        case .boolean(let values): update(raw: values)
        case .timestamp(let values): update(raw: values)
        }
    }

    mutating func update(_ text: String) {
        update(count: text.utf8.count)
        hash.update(data: Array(text.utf8))
    }

    private mutating func update(count: Int) {
        withUnsafeBytes(of: Int64(count).littleEndian) { hash.update(bufferPointer: $0) }
    }

    /// The bytes of numbers as they lie in memory (little-endian on every platform Kompass runs on).
    private mutating func update<Element: BitwiseCopyable>(raw values: [Element]) {
        update(count: values.count)
        values.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }

    func hexadecimal(bytes count: Int) -> String {
        let digits = Array("0123456789abcdef")
        return hash.finalize().prefix(count).reduce(into: "") { text, byte in
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
    }
}
