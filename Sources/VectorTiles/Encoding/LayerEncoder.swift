/// Writes one layer of a vector tile (specification 2.1, section 4.1).
///
/// Features, keys and values stand in the order in which they were given: equal calls make equal bytes.
struct LayerEncoder {
    private let name: String
    private let extent: UInt32
    private var features = ProtobufWriter()
    private var keys: [String] = []
    private var keyNumbers: [String: UInt32] = [:]
    private var values = ValueTable()

    /// Starts a layer. One without a name is not written: no reader may take it.
    init(name: String, extent: UInt32 = UInt32(TileGrid.extent)) {
        self.name = name
        self.extent = extent
    }

    /// How many features the layer holds.
    private(set) var count = 0

    /// The number of a key, a new one where it has not occurred yet.
    mutating func key(_ name: String) -> UInt32 {
        if let number = keyNumbers[name] { return number }
        let number = UInt32(keys.count)
        keys.append(name)
        keyNumbers[name] = number
        return number
    }

    /// The number of a value, a new one where it has not occurred yet.
    mutating func value(_ value: TileValue) -> UInt32 { values.number(of: value) }

    /// The number of a text given as UTF-8, a new one where it has not occurred yet.
    mutating func value(utf8 text: ArraySlice<UInt8>) -> UInt32 { values.number(ofUTF8: text) }

    /// Adds a feature; `tags` are pairs of numbers that `key(_:)` and `value(_:)` gave. A feature without geometry is
    /// no feature and is refused; tags that are no pairs of such numbers are left out, as the last line of defence.
    mutating func add(id: UInt64?, tags: [UInt32], geometry: TileGeometry) {
        guard !geometry.isEmpty else { return }
        let tags = arePairs(tags) ? tags : []
        count += 1
        let length =
            (id.map { 1 + ProtobufWriter.length(varint: $0) } ?? 0) + ProtobufWriter.fieldLength(packed: tags) + 2
            + ProtobufWriter.fieldLength(packed: geometry.commands)
        features.header(2, length: length)
        if let id { features.field(1, varint: id) }
        features.field(2, packed: tags)
        features.field(3, varint: geometry.kind.rawValue)
        features.field(4, packed: geometry.commands)
    }

    private func arePairs(_ tags: [UInt32]) -> Bool {
        guard tags.count.isMultiple(of: 2) else { return false }
        let (keys, values) = (UInt32(keys.count), UInt32(values.count))
        return stride(from: 0, to: tags.count, by: 2).allSatisfy { tags[$0] < keys && tags[$0 + 1] < values }
    }

    /// Appends the layer to a tile; a layer without features, or without a name, appends nothing.
    func write(to tile: inout ProtobufWriter) {
        guard count > 0, !name.isEmpty else { return }
        var layer = ProtobufWriter()
        layer.reserve(features.bytes.count + 64 * (keys.count + values.count) + 64)
        layer.field(15, varint: 2)
        layer.field(1, bytes: name.utf8)
        layer.append(features)
        for key in keys { layer.field(3, bytes: key.utf8) }
        for value in values.encoded { layer.field(4, bytes: value) }
        layer.field(5, varint: UInt64(extent))
        tile.field(3, bytes: layer.bytes)
    }
}
