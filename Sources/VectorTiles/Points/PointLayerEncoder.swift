/// Writes the layer of a tile that holds points: what `LayerEncoder` does, from values that are encoded already.
///
/// Values are numbered in the order in which the layer's features first state them, none twice. Nothing is allocated
/// for a feature.
struct PointLayerEncoder {
    private let name: String
    private let tags: PointTags
    /// Which attributes are shown.
    private let shown: [Int]
    private var keys: [String] = []
    /// For each attribute the number of its key, counted from 1; 0 where no feature has stated it.
    private var keyNumbers: [UInt32]
    /// The numbers of keys that are no attributes.
    private var ownKeyNumbers: [String: UInt32] = [:]
    private var values: TileValues
    private var features = ByteStore()
    /// The pairs of numbers of the feature that is being written.
    private var pairs: [UInt32] = []
    private var count = 0

    /// Starts a layer.
    ///
    /// - Parameters:
    ///   - tags: The points' attributes.
    ///   - zoom: The zoom, by which attributes are shown.
    ///   - expected: About how many features there will be.
    init(name: String, tags: PointTags, zoom: Int, expected: Int) {
        self.name = name
        self.tags = tags
        shown = tags.attributes.indices.filter { tags.attributes[$0].minzoom <= zoom }
        keyNumbers = [UInt32](repeating: 0, count: tags.attributes.count)
        values = TileValues(repeated: tags.repeated.count, expected: expected * shown.count)
        pairs.reserveCapacity(2 * shown.count)
        features.makeRoom(for: expected * (16 + 5 * shown.count))
    }

    /// Adds a point with its record's attributes.
    mutating func add(record: Int, id: UInt64, at point: GridPoint) {
        pairs.removeAll(keepingCapacity: true)
        let first = record * tags.attributes.count
        for attribute in shown {
            let code = tags.codes[first + attribute]
            guard code != 0 else { continue }
            if keyNumbers[attribute] == 0 {
                keys.append(tags.attributes[attribute].name)
                keyNumbers[attribute] = UInt32(keys.count)
            }
            pairs.append(keyNumbers[attribute] - 1)
            pairs.append(values.number(of: code))
        }
        addFeature(id: id, at: point)
    }

    /// Adds a point with attributes of the layer's own.
    mutating func add(attributes: [(key: String, value: TileValue)], id: UInt64, at point: GridPoint) {
        pairs.removeAll(keepingCapacity: true)
        for (key, value) in attributes {
            if let number = ownKeyNumbers[key] {
                pairs.append(number)
            } else {
                ownKeyNumbers[key] = UInt32(keys.count)
                pairs.append(UInt32(keys.count))
                keys.append(key)
            }
            if case .uint(let whole) = value, let code = tags.numbers[whole] {
                pairs.append(values.number(of: code))
            } else {
                pairs.append(values.number(of: value))
            }
        }
        addFeature(id: id, at: point)
    }

    private mutating func addFeature(id: UInt64, at point: GridPoint) {
        count += 1
        let (x, y) = (UInt64(point.x.zigzag), UInt64(point.y.zigzag))
        let tagLength = ProtobufWriter.length(packed: pairs)
        let geometryLength = 1 + ProtobufWriter.length(varint: x) + ProtobufWriter.length(varint: y)
        let length =
            1 + ProtobufWriter.length(varint: id) + 2 + 2 + geometryLength
            + (pairs.isEmpty ? 0 : 1 + ProtobufWriter.length(varint: UInt64(tagLength)) + tagLength)
        features.append(upTo: length + 11) { cursor in
            cursor.write(2 << 3 | 2)
            cursor.write(varint: UInt64(length))
            cursor.write(1 << 3)
            cursor.write(varint: id)
            if !pairs.isEmpty {
                cursor.write(2 << 3 | 2)
                cursor.write(varint: UInt64(tagLength))
                for number in pairs { cursor.write(varint: UInt64(number)) }
            }
            cursor.write(3 << 3)
            cursor.write(UInt8(TileGeometry.Kind.point.rawValue))
            cursor.write(4 << 3 | 2)
            cursor.write(UInt8(geometryLength))
            // MoveTo, once.
            cursor.write(1 << 3 | 1)
            cursor.write(varint: x)
            cursor.write(varint: y)
        }
    }

    /// Appends the layer to a tile; a layer without features appends nothing.
    func write(to tile: inout ProtobufWriter) {
        guard count > 0 else { return }
        var head = ProtobufWriter()
        head.field(15, varint: 2)
        head.field(1, bytes: name.utf8)
        var tail = ProtobufWriter()
        for key in keys { tail.field(3, bytes: key.utf8) }
        let encoded = values.encoded(tags)
        let extent = UInt64(TileGrid.extent)
        let length =
            head.bytes.count + features.count + tail.bytes.count + encoded.count + 1
            + ProtobufWriter.length(varint: extent)
        tile.reserve(length + 11)
        tile.header(3, length: length)
        tile.append(head)
        tile.append(features)
        tile.append(tail)
        tile.append(encoded)
        tile.field(5, varint: extent)
    }
}

/// The numbers that one tile gives to values.
private struct TileValues {
    /// A value in the order of the tile's numbers.
    private enum Source {
        static let own: UInt32 = 1 << 30
    }

    /// The codes of the values in the order of their numbers; from `Source.own` on they count `own`.
    private var used: [PointTags.Code] = []
    private var own: [TileValue] = []
    private var ownNumbers: [TileValue: UInt32] = [:]
    /// For repeated values the number, counted from 1: by code, or in an open hash table where the tile has few.
    private var numbers: [UInt32]
    /// The codes in the hash table's slots; empty where `numbers` goes by code.
    private var slots: [PointTags.Code] = []

    init(repeated: Int, expected: Int) {
        if expected * 8 < repeated {
            var size = 64
            while size < 2 * expected { size *= 2 }
            slots = [PointTags.Code](repeating: 0, count: size)
            numbers = [UInt32](repeating: 0, count: size)
        } else {
            numbers = [UInt32](repeating: 0, count: repeated + 1)
        }
        used.reserveCapacity(expected)
    }

    /// The number of a record's value.
    mutating func number(of code: PointTags.Code) -> UInt32 {
        guard code < PointTags.single else {
            used.append(code)
            return UInt32(used.count - 1)
        }
        let place = slots.isEmpty ? Int(code) : slot(of: code)
        if numbers[place] == 0 {
            used.append(code)
            numbers[place] = UInt32(used.count)
            if !slots.isEmpty {
                slots[place] = code
                if used.count * 2 > slots.count { grow() }
                return UInt32(used.count - 1)
            }
        }
        return numbers[place] - 1
    }

    /// The number of any other value.
    mutating func number(of value: TileValue) -> UInt32 {
        if let number = ownNumbers[value] { return number }
        let number = UInt32(used.count)
        used.append(Source.own + UInt32(own.count))
        own.append(value)
        ownNumbers[value] = number
        return number
    }

    /// The slot that holds a code, or the free one where it belongs.
    private func slot(of code: PointTags.Code) -> Int {
        let mask = slots.count - 1
        // Fibonacci hashing (Knuth, The Art of Computer Programming 3, section 6.4).
        var slot = Int(truncatingIfNeeded: (UInt64(code) &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask
        while slots[slot] != 0, slots[slot] != code { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let (old, oldNumbers) = (slots, numbers)
        slots = [PointTags.Code](repeating: 0, count: old.count * 2)
        numbers = [UInt32](repeating: 0, count: old.count * 2)
        for (place, code) in old.enumerated() where code != 0 {
            let slot = slot(of: code)
            slots[slot] = code
            numbers[slot] = oldNumbers[place]
        }
    }

    /// The fields of all values in the order of their numbers: copied in runs of bytes that stand together already.
    func encoded(_ tags: PointTags) -> [UInt8] {
        var runs: [Run] = []
        runs.reserveCapacity(used.count / 2)
        var ownFields = ProtobufWriter()
        var length = 0
        for code in used {
            let (store, range): (Run.Store, Range<Int>)
            if code >= PointTags.single {
                (store, range) = (.singular, tags.singular.range(Int(code - PointTags.single)))
            } else if code < Source.own {
                (store, range) = (.repeated, tags.repeated.range(Int(code) - 1))
            } else {
                let start = ownFields.bytes.count
                var value = ProtobufWriter()
                own[Int(code - Source.own)].write(to: &value)
                ownFields.field(4, bytes: value.bytes)
                (store, range) = (.own, start..<ownFields.bytes.count)
            }
            length += range.count
            if let last = runs.last, last.store == store, last.bytes.upperBound == range.lowerBound {
                runs[runs.count - 1].bytes = last.bytes.lowerBound..<range.upperBound
            } else {
                runs.append(Run(store: store, bytes: range))
            }
        }
        return tags.repeated.bytes.withUnsafeBytes { repeated in
            tags.singular.bytes.withUnsafeBytes { singular in
                ownFields.bytes.withUnsafeBytes { own in
                    [UInt8](unsafeUninitializedCapacity: length) { result, count in
                        let result = UnsafeMutableRawBufferPointer(result)
                        for run in runs {
                            let store =
                                switch run.store {
                                case .repeated: repeated
                                case .singular: singular
                                case .own: own
                                }
                            UnsafeMutableRawBufferPointer(rebasing: result[count..<(count + run.bytes.count)])
                                .copyMemory(from: UnsafeRawBufferPointer(rebasing: store[run.bytes]))
                            count += run.bytes.count
                        }
                    }
                }
            }
        }
    }

    /// Fields that stand together.
    private struct Run {
        enum Store { case repeated, singular, own }

        let store: Store
        var bytes: Range<Int>
    }
}
