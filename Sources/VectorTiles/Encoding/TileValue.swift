/// A value of an attribute in one of the types that a vector tile knows (specification 2.1, section 4.1, `Value`).
enum TileValue: Hashable, Sendable {
    case text(String)
    case float(Float)
    case double(Double)
    case int(Int64)
    case uint(UInt64)
    case sint(Int64)
    case bool(Bool)

    /// A whole number in its shortest form: the plain varint of a negative number would take ten bytes.
    static func whole(_ value: Int64) -> TileValue { value < 0 ? .sint(value) : .uint(UInt64(value)) }

    /// A real number, in four bytes where these hold it exactly.
    static func real(_ value: Double) -> TileValue {
        let short = Float(value)
        return Double(short) == value ? .float(short) : .double(value)
    }

    /// Appends the `Value` message's content for a text given as UTF-8.
    static func write(utf8 text: some Collection<UInt8>, to writer: inout ProtobufWriter) {
        writer.field(1, bytes: text)
    }

    /// Appends the `Value` message's content.
    func write(to writer: inout ProtobufWriter) {
        switch self {
        case .text(let text): Self.write(utf8: text.utf8, to: &writer)
        case .float(let value): writer.field(2, bits32: value.bitPattern)
        case .double(let value): writer.field(3, bits64: value.bitPattern)
        case .int(let value): writer.field(4, varint: UInt64(bitPattern: value))
        case .uint(let value): writer.field(5, varint: value)
        case .sint(let value): writer.field(6, varint: value.zigzag)
        case .bool(let value): writer.field(7, varint: value ? 1 : 0)
        }
    }
}
