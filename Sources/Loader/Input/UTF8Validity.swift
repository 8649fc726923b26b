/// Counts what in a stream of bytes is UTF-8 and what is not (RFC 3629: no overlong forms, no surrogates).
struct UTF8Validity: Sendable {
    /// Well-formed sequences of more than one byte.
    private(set) var sequences = 0
    /// Bytes that belong to no well-formed sequence.
    private(set) var invalidBytes = 0
    /// Among the invalid ones those from 0x80 to 0x9f: letters in Windows-1252, nothing printable in Latin-1.
    private(set) var invalidControls = 0
    /// Zero bytes.
    private(set) var zeros = 0

    private var missing = 0
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xbf

    init() {}

    /// Whether all bytes so far are UTF-8, an unfinished last sequence aside.
    var isValid: Bool { invalidBytes == 0 }

    /// Whether a whole text is UTF-8. - Complexity: O(n), eight bytes a step in ASCII
    static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var validity = UTF8Validity()
        validity.scan(bytes)
        validity.finish()
        return validity.isValid
    }

    /// Takes the next bytes of the stream.
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress else { return }
        var position = 0
        let count = bytes.count
        while position < count {
            if missing == 0 {
                while position + 8 <= count {
                    let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self)
                    // A zero byte in the word shows as a borrow; either sends the word to the slow path.
                    guard word & 0x8080_8080_8080_8080 == 0,
                        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 == 0
                    else { break }
                    position += 8
                }
                guard position < count else { return }
            }
            take(base[position])
            position += 1
        }
    }

    /// Ends the stream: an unfinished sequence is invalid.
    mutating func finish() {
        if missing > 0 { invalidBytes += 1 }
        missing = 0
    }

    private mutating func take(_ byte: UInt8) {
        if missing > 0 {
            if byte >= lowest && byte <= highest {
                missing -= 1
                lowest = 0x80
                highest = 0xbf
                if missing == 0 { sequences += 1 }
                return
            }
            missing = 0
            invalidBytes += 1
        }
        lowest = 0x80
        highest = 0xbf
        switch byte {
        case 0: zeros += 1
        case 0x01...0x7f: break
        case 0xc2...0xdf: missing = 1
        case 0xe0:
            missing = 2
            lowest = 0xa0
        case 0xe1...0xec, 0xee, 0xef: missing = 2
        case 0xed:
            missing = 2
            highest = 0x9f
        case 0xf0:
            missing = 3
            lowest = 0x90
        case 0xf1...0xf3: missing = 3
        case 0xf4:
            missing = 3
            highest = 0x8f
        default:
            invalidBytes += 1
            if byte < 0xa0 { invalidControls += 1 }
        }
    }
}
