/// Reads numbers from text without a detour over `String`.
enum NumberText {
    /// Powers of ten that a double holds exactly.
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21,
        1e22,
    ]

    /// Takes a decimal number with a point and optional exponent from the front of a buffer.
    ///
    /// Correctly rounded: up to 2^53 and 22 decimal places by one exact division (Clinger's fast path), beyond that
    /// by the standard library. - Returns: nil where no number stands there; infinity where it is out of range.
    @inline(__always)
    static func scan(_ base: UnsafePointer<UInt8>, _ position: inout Int, to end: Int) -> Double? {
        let start = position
        var isNegative = false
        if position < end, base[position] == UInt8(ascii: "-") || base[position] == UInt8(ascii: "+") {
            isNegative = base[position] == UInt8(ascii: "-")
            position += 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        while position < end {
            let digit = base[position] &- 0x30
            guard digit < 10 else { break }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            digits += 1
            position += 1
        }
        if position < end, base[position] == UInt8(ascii: ".") {
            position += 1
            let fraction = position
            while position < end {
                let digit = base[position] &- 0x30
                guard digit < 10 else { break }
                mantissa = mantissa &* 10 &+ UInt64(digit)
                digits += 1
                position += 1
            }
            exponent = fraction - position
        }
        guard digits > 0 else {
            position = start
            return nil
        }
        if position < end, base[position] | 0x20 == UInt8(ascii: "e") {
            var next = position + 1
            var isDown = false
            if next < end, base[next] == UInt8(ascii: "-") || base[next] == UInt8(ascii: "+") {
                isDown = base[next] == UInt8(ascii: "-")
                next += 1
            }
            var value = 0
            let first = next
            while next < end, base[next] &- 0x30 < 10 {
                value = min(100_000, value * 10 + Int(base[next] &- 0x30))
                next += 1
            }
            if next > first {
                position = next
                exponent += isDown ? -value : value
            }
        }
        if digits <= 18, mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
            let value = exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
            return isNegative ? -value : value
        }
        return Double(
            String(decoding: UnsafeBufferPointer(start: base + start, count: position - start), as: UTF8.self))
    }

    /// A whole buffer as a number; nil where it is none. Blanks around it and between groups of three digits are
    /// passed over, and with a decimal comma points between groups of three.
    static func real(_ bytes: UnsafeBufferPointer<UInt8>, decimal: DecimalMark) -> Double? {
        guard let base = bytes.baseAddress else { return nil }
        var position = 0
        if decimal == .point, let value = scan(base, &position, to: bytes.count), position == bytes.count {
            return value
        }
        guard let plain = plain(bytes, decimal: decimal) else { return nil }
        return plain.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var position = 0
            guard let value = scan(base, &position, to: buffer.count), position == buffer.count else { return nil }
            return value
        }
    }

    /// The number's digits with a decimal point and without group marks, or nil where groups are not of three digits.
    private static func plain(_ bytes: UnsafeBufferPointer<UInt8>, decimal: DecimalMark) -> [UInt8]? {
        let mark: UInt8 = decimal == .comma ? UInt8(ascii: ",") : UInt8(ascii: ".")
        var result: [UInt8] = []
        var isFraction = false
        /// Digits since the last group mark; nil before the first one.
        var group: Int?
        var leading = 0
        var index = 0
        func isDigit(_ index: Int) -> Bool { index < bytes.count && bytes[index] &- 0x30 < 10 }
        while index < bytes.count {
            let byte = bytes[index]
            if isDigit(index) {
                result.append(byte)
                leading += 1
                group = group.map { $0 + 1 }
                index += 1
            } else if byte == mark, !isFraction {
                guard group == nil || group == 3 else { return nil }
                isFraction = true
                group = nil
                result.append(UInt8(ascii: "."))
                index += 1
            } else if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte | 0x20 == UInt8(ascii: "e") {
                guard group == nil || group == 3 else { return nil }
                group = nil
                result.append(byte)
                index += 1
            } else if let length = groupMark(bytes, at: index, decimal: decimal), !isFraction {
                let next = index + length
                guard isDigit(next), (group == nil && (1...3).contains(leading)) || group == 3 else { return nil }
                group = 0
                index = next
            } else {
                return nil
            }
        }
        guard group == nil || group == 3 else { return nil }
        return result
    }

    /// The length of a group mark: a blank, a no-break, narrow no-break or thin space; a point beside a decimal comma.
    private static func groupMark(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, decimal: DecimalMark) -> Int? {
        switch bytes[index] {
        case 0x20: return 1
        case UInt8(ascii: "."): return decimal == .comma ? 1 : nil
        case 0xc2: return index + 1 < bytes.count && bytes[index + 1] == 0xa0 ? 2 : nil
        case 0xe2:
            guard index + 2 < bytes.count, bytes[index + 1] == 0x80 else { return nil }
            return bytes[index + 2] == 0xaf || bytes[index + 2] == 0x89 ? 3 : nil
        default: return nil
        }
    }

    /// A buffer of digits with an optional sign as a whole number; nil where it is anything else or too large.
    @inline(__always)
    static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        var index = 0
        var isNegative = false
        if let first = bytes.first, first == UInt8(ascii: "-") {
            isNegative = true
            index = 1
        }
        guard index < bytes.count, bytes.count <= 18 else { return nil }
        var value: Int64 = 0
        while index < bytes.count {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
            index += 1
        }
        return isNegative ? -value : value
    }
}
