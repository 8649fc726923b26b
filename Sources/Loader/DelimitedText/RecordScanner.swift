/// Takes records of delimited text (RFC 4180) out of a buffer.
///
/// Accepts line feeds, carriage returns and both as line ends, mixed; quoted values may hold any of them.
struct RecordScanner {
    /// How a record ended.
    enum Outcome {
        /// At a line end or the end of the file; `next` is behind it.
        case record(next: Int, fields: Int, lines: Int)
        /// The buffer ends before the record does.
        case incomplete
        /// A value has text behind its closing quote.
        case misquoted(next: Int, lines: Int)
        /// The file ends within a quoted value.
        case unclosed
    }

    let delimiter: UInt8

    /// Takes the record that begins at `start`. Its cells are appended (quotes still doubled: kind `.escaped`).
    @inline(__always)
    func scan(
        _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, isLast: Bool, into cells: inout [RawCell]
    ) -> Outcome {
        let quote = UInt8(ascii: "\"")
        let lineFeed: UInt8 = 0x0a
        let carriageReturn: UInt8 = 0x0d
        var position = start
        var fields = 0
        var lines = 0
        var isMisquoted = false
        while true {
            if position < end, base[position] == quote {
                position += 1
                let first = position
                var hasDoubled = false
                while true {
                    guard position < end else { return isLast ? .unclosed : .incomplete }
                    let byte = base[position]
                    if byte == quote {
                        guard position + 1 < end || isLast else { return .incomplete }
                        guard position + 1 < end, base[position + 1] == quote else { break }
                        hasDoubled = true
                        position += 2
                        continue
                    }
                    if byte == lineFeed {
                        lines += 1
                    } else if byte == carriageReturn, position + 1 < end, base[position + 1] != lineFeed {
                        lines += 1
                    }
                    position += 1
                }
                cells.append(RawCell(start: first, count: position - first, kind: hasDoubled ? .escaped : .text))
                position += 1
                while position < end, base[position] == 0x20 { position += 1 }
                if position < end, base[position] != delimiter, base[position] != lineFeed,
                    base[position] != carriageReturn
                {
                    isMisquoted = true
                    while position < end, base[position] != delimiter, base[position] != lineFeed,
                        base[position] != carriageReturn
                    { position += 1 }
                }
            } else {
                let first = position
                while position < end {
                    let byte = base[position]
                    if byte == delimiter || byte == lineFeed || byte == carriageReturn { break }
                    position += 1
                }
                cells.append(RawCell(start: first, count: position - first, kind: .text))
            }
            fields += 1
            guard position < end else {
                guard isLast else { return .incomplete }
                return isMisquoted
                    ? .misquoted(next: end, lines: lines) : .record(next: end, fields: fields, lines: lines)
            }
            let byte = base[position]
            position += 1
            if byte == delimiter { continue }
            if byte == carriageReturn {
                guard position < end || isLast else { return .incomplete }
                if position < end, base[position] == lineFeed { position += 1 }
            }
            lines += 1
            return isMisquoted
                ? .misquoted(next: position, lines: lines) : .record(next: position, fields: fields, lines: lines)
        }
    }

    /// Halves the doubled quotes of a value in place. - Returns: the new number of bytes.
    static func unescape(_ bytes: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        var target = 0
        var source = 0
        while source < count {
            bytes[target] = bytes[source]
            source += bytes[source] == UInt8(ascii: "\"") ? 2 : 1
            target += 1
        }
        return target
    }
}
