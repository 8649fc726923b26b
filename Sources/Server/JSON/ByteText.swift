/// Text under construction: bytes in memory that grows as needed.
///
/// For answers of many small pieces, where `[UInt8]` looks at its uniqueness and size in each of them. Confined to the
/// thread that made it.
struct ByteText: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// The number of bytes.
    private(set) var count = 0

    /// Sets room aside.
    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    /// The bytes, for as long as `body` runs.
    borrowing func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        body(UnsafeBufferPointer(start: base, count: count))
    }

    /// Makes room for so many bytes behind the present ones. - Complexity: O(1) amortised
    @inline(__always)
    private mutating func makeRoom(_ more: Int) {
        if count + more > capacity { grow(count + more) }
    }

    @inline(never)
    private mutating func grow(_ needed: Int) {
        capacity = max(needed, capacity * 2)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }

    /// Appends one byte.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        makeRoom(1)
        base[count] = byte
        count += 1
    }

    /// Appends bytes.
    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        makeRoom(bytes.count)
        (base + count).update(from: start, count: bytes.count)
        count += bytes.count
    }

    /// Appends text that needs no escape, such as a literal of this program.
    @inline(__always)
    mutating func append(ascii text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends bytes that are seldom enough to be made as an array.
    mutating func append(contentsOf bytes: [UInt8]) { bytes.withUnsafeBufferPointer { append($0) } }

    /// Appends UTF-8 with quotation marks and escapes: what RFC 8259 demands, and no more. - Complexity: O(n)
    mutating func append(jsonUTF8 utf8: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        if utf8.contains(where: \.needsEscapeInJSON) {
            var escaped: [UInt8] = []
            escaped.append(jsonUTF8: utf8)
            escaped.withUnsafeBufferPointer { append(UnsafeBufferPointer(rebasing: $0.dropFirst().dropLast())) }
        } else {
            append(utf8)
        }
        append(UInt8(ascii: "\""))
    }

    /// Appends UTF-8 that is known to need no escape, with quotation marks.
    @inline(__always)
    mutating func append(plainJSON utf8: UnsafeBufferPointer<UInt8>) {
        makeRoom(utf8.count + 2)
        base[count] = UInt8(ascii: "\"")
        if let start = utf8.baseAddress { (base + count + 1).update(from: start, count: utf8.count) }
        base[count + utf8.count + 1] = UInt8(ascii: "\"")
        count += utf8.count + 2
    }

    /// Appends a whole number.
    mutating func append(json value: Int64) {
        guard value >= 0, value < 10_000_000_000_000_000 else {
            var text = value.description
            text.withUTF8 { append($0) }
            return
        }
        append(digitsOf: UInt64(value))
    }

    /// Appends a real number in the fewest digits that read back as the same number, as its description spells it;
    /// null where it is not finite.
    mutating func append(json value: Double) {
        // Of at most seven decimals and fifteen digits: no other decimal number of so few digits reads back the same,
        // so these are the fewest.
        let scaled = (value * 10_000_000).rounded()
        let size = abs(scaled)
        guard size >= 10_000, size < 1e15, scaled / 10_000_000 == value else {
            guard value.isFinite else {
                append(ascii: "null")
                return
            }
            var text = value.description
            text.withUTF8 { append($0) }
            return
        }
        if scaled < 0 { append(UInt8(ascii: "-")) }
        let (whole, fraction) = UInt64(size).quotientAndRemainder(dividingBy: 10_000_000)
        append(digitsOf: whole)
        append(UInt8(ascii: "."))
        append(decimals: fraction)
    }

    /// Appends a number in decimal digits.
    private mutating func append(digitsOf number: UInt64) {
        var length = 1
        var bound: UInt64 = 10
        while number >= bound {
            length += 1
            bound *= 10
        }
        makeRoom(length)
        var rest = number
        for position in stride(from: count + length - 1, through: count, by: -1) {
            base[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += length
    }

    /// Appends ten-millionths as decimals without the zeros at the end; one stays.
    private mutating func append(decimals fraction: UInt64) {
        var length = 7
        var rest = fraction
        while length > 1, rest % 10 == 0 {
            rest /= 10
            length -= 1
        }
        makeRoom(length)
        for position in stride(from: count + length - 1, through: count, by: -1) {
            base[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += length
    }
}

extension UInt8 {
    /// Whether a byte of UTF-8 cannot stand in a JSON text as it is.
    var needsEscapeInJSON: Bool { self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\") }
}
