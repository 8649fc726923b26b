@testable import VectorTiles

/// A strict decoder of vector tiles, written from the specification and independent of the encoder: what the
/// specification forbids is an error.
struct DecodedTile: Hashable {
    struct Layer: Hashable {
        var name = ""
        var extent: UInt64 = 4096
        var features: [Feature] = []
        var keys: [String] = []
        var values: [TileValue] = []

        /// The attributes of a feature by name, in the order of its tags.
        func attributes(_ feature: Feature) -> [Attribute] {
            stride(from: 0, to: feature.tags.count, by: 2).map {
                Attribute(key: keys[Int(feature.tags[$0])], value: values[Int(feature.tags[$0 + 1])])
            }
        }
    }

    struct Attribute: Hashable {
        let key: String
        let value: TileValue
    }

    struct Feature: Hashable {
        var id: UInt64?
        var kind: TileGeometry.Kind
        var tags: [UInt64]
        /// Points alone, lines, or rings without closing vertex.
        var paths: [[GridPoint]]
    }

    struct Malformed: Error, Hashable {
        let problem: String
    }

    var layers: [Layer] = []

    init(_ bytes: [UInt8]) throws {
        var reader = WireReader(bytes[...])
        while let field = try reader.next() {
            guard case (3, .bytes(let content)) = field else { throw Malformed(problem: "unknown field of a tile") }
            layers.append(try Self.layer(content))
        }
        guard Set(layers.map(\.name)).count == layers.count else { throw Malformed(problem: "layer name twice") }
    }

    subscript(name: String) -> Layer? { layers.first { $0.name == name } }

    private static func layer(_ content: ArraySlice<UInt8>) throws -> Layer {
        var layer = Layer()
        var version: UInt64?
        var features: [ArraySlice<UInt8>] = []
        var reader = WireReader(content)
        while let field = try reader.next() {
            switch field {
            case (15, .varint(let value)): version = value
            case (1, .bytes(let value)): layer.name = try text(value)
            case (2, .bytes(let value)): features.append(value)
            case (3, .bytes(let value)): layer.keys.append(try text(value))
            case (4, .bytes(let value)): layer.values.append(try Self.value(value))
            case (5, .varint(let value)): layer.extent = value
            default: throw Malformed(problem: "unknown field of a layer")
            }
        }
        guard version == 2 else { throw Malformed(problem: "version is not 2") }
        guard !layer.name.isEmpty else { throw Malformed(problem: "layer without a name") }
        layer.features = try features.map { try feature($0, keys: layer.keys.count, values: layer.values.count) }
        return layer
    }

    private static func text(_ bytes: ArraySlice<UInt8>) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed(problem: "invalid UTF-8") }
        return text
    }

    private static func value(_ content: ArraySlice<UInt8>) throws -> TileValue {
        var reader = WireReader(content)
        var result: TileValue?
        while let field = try reader.next() {
            guard result == nil else { throw Malformed(problem: "a value with two contents") }
            switch field {
            case (1, .bytes(let bytes)): result = .text(try text(bytes))
            case (2, .bits32(let bits)): result = .float(Float(bitPattern: bits))
            case (3, .bits64(let bits)): result = .double(Double(bitPattern: bits))
            case (4, .varint(let bits)): result = .int(Int64(bitPattern: bits))
            case (5, .varint(let bits)): result = .uint(bits)
            case (6, .varint(let bits)): result = .sint(Int64(bitPattern: (bits >> 1) ^ (0 &- (bits & 1))))
            case (7, .varint(let bits)): result = .bool(bits != 0)
            default: throw Malformed(problem: "unknown type of value")
            }
        }
        guard let result else { throw Malformed(problem: "a value without content") }
        return result
    }

    private static func feature(_ content: ArraySlice<UInt8>, keys: Int, values: Int) throws -> Feature {
        var id: UInt64?
        var tags: [UInt64] = []
        var kind: TileGeometry.Kind?
        var commands: [UInt64]?
        var reader = WireReader(content)
        while let field = try reader.next() {
            switch field {
            case (1, .varint(let value)): id = value
            case (2, .bytes(let value)): tags += try packed(value)
            case (3, .varint(let value)): kind = TileGeometry.Kind(rawValue: value)
            case (4, .bytes(let value)):
                guard commands == nil else { throw Malformed(problem: "two geometries") }
                commands = try packed(value)
            default: throw Malformed(problem: "unknown field of a feature")
            }
        }
        guard let kind, let commands, !commands.isEmpty else { throw Malformed(problem: "a feature without geometry") }
        guard tags.count.isMultiple(of: 2) else { throw Malformed(problem: "an odd number of tags") }
        for (position, tag) in tags.enumerated() where tag >= UInt64(position.isMultiple(of: 2) ? keys : values) {
            throw Malformed(problem: "a tag that points nowhere")
        }
        return Feature(id: id, kind: kind, tags: tags, paths: try paths(commands, kind: kind))
    }

    private static func packed(_ content: ArraySlice<UInt8>) throws -> [UInt64] {
        var reader = WireReader(content)
        var result: [UInt64] = []
        while !reader.isAtEnd { result.append(try reader.varint()) }
        return result
    }

    /// Follows the commands; refuses every order and count that section 4.3 does not allow.
    private static func paths(_ commands: [UInt64], kind: TileGeometry.Kind) throws -> [[GridPoint]] {
        var paths: [[GridPoint]] = []
        var cursor = GridPoint(x: 0, y: 0)
        var position = 0
        func command(_ wanted: UInt64) throws -> Int {
            guard position < commands.count, commands[position] & 7 == wanted else {
                throw Malformed(problem: "command \(wanted) is missing")
            }
            let count = commands[position] >> 3
            position += 1
            guard count >= 1, count <= UInt64(commands.count) else { throw Malformed(problem: "a command's count") }
            return Int(count)
        }
        func point() throws -> GridPoint {
            guard position + 2 <= commands.count else { throw Malformed(problem: "a parameter is missing") }
            let steps = commands[position..<(position + 2)].map { bits in
                Int32(truncatingIfNeeded: Int64(bits >> 1) ^ -Int64(bits & 1))
            }
            position += 2
            cursor.x &+= steps[0]
            cursor.y &+= steps[1]
            return cursor
        }
        if kind == .point {
            let count = try command(1)
            for _ in 0..<count { paths.append([try point()]) }
            guard position == commands.count else { throw Malformed(problem: "commands behind a point") }
            return paths
        }
        while position < commands.count {
            guard try command(1) == 1 else { throw Malformed(problem: "MoveTo must have count 1") }
            var path = [try point()]
            let count = try command(2)
            guard kind == .line || count >= 2 else { throw Malformed(problem: "a ring of fewer than three vertices") }
            for _ in 0..<count {
                let next = try point()
                guard next != path.last else { throw Malformed(problem: "a segment without length") }
                path.append(next)
            }
            if kind == .polygon {
                guard try command(7) == 1 else { throw Malformed(problem: "ClosePath must have count 1") }
                guard path.first != path.last else { throw Malformed(problem: "a repeated closing vertex") }
            }
            paths.append(path)
        }
        return paths
    }
}

/// Reads the fields of a message.
private struct WireReader {
    enum Content {
        case varint(UInt64)
        case bits64(UInt64)
        case bytes(ArraySlice<UInt8>)
        case bits32(UInt32)
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func next() throws -> (UInt64, Content)? {
        guard !rest.isEmpty else { return nil }
        let tag = try varint()
        switch tag & 7 {
        case 0: return (tag >> 3, .varint(try varint()))
        case 1: return (tag >> 3, .bits64(try fixed(8)))
        case 2:
            let count = try varint()
            guard count <= UInt64(rest.count) else { throw DecodedTile.Malformed(problem: "cut off") }
            defer { rest = rest.dropFirst(Int(count)) }
            return (tag >> 3, .bytes(rest.prefix(Int(count))))
        case 5: return (tag >> 3, .bits32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw DecodedTile.Malformed(problem: "unknown wire type")
        }
    }

    mutating func varint() throws -> UInt64 {
        var result: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw DecodedTile.Malformed(problem: "cut off") }
            result |= UInt64(byte & 0x7f) << UInt64(shift)
            if byte < 0x80 { return result }
        }
        throw DecodedTile.Malformed(problem: "a varint of more than ten bytes")
    }

    private mutating func fixed(_ count: Int) throws -> UInt64 {
        guard rest.count >= count else { throw DecodedTile.Malformed(problem: "cut off") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
