import NIOCore

/// Writes PNG files (ISO/IEC 15948) of pictures with a palette.
enum PNG {
    /// A colour of eight bits per part.
    struct Colour: Sendable, Hashable {
        let red: UInt8
        let green: UInt8
        let blue: UInt8

        /// `0xRRGGBB`.
        init(_ value: UInt32) {
            red = UInt8(truncatingIfNeeded: value >> 16)
            green = UInt8(truncatingIfNeeded: value >> 8)
            blue = UInt8(truncatingIfNeeded: value)
        }

        /// The colour a share of the way to another, 0 to 1.
        func blended(_ share: Double, into other: Colour) -> Colour {
            let mix = { (a: UInt8, b: UInt8) in UInt32((Double(a) + (Double(b) - Double(a)) * share).rounded()) }
            return Colour(mix(red, other.red) << 16 | mix(green, other.green) << 8 | mix(blue, other.blue))
        }
    }

    /// Writes a picture.
    ///
    /// - Parameters:
    ///   - pixels: positions in the palette, row by row from the top.
    ///   - palette: at most 256 colours.
    /// - Complexity: O(pixels). Call it off the event loops.
    static func encode(_ pixels: [UInt8], width: Int, palette: [Colour]) throws -> [UInt8] {
        let height = width == 0 ? 0 : pixels.count / width
        var rows: [UInt8] = []
        rows.reserveCapacity(pixels.count + height)
        for y in 0..<height {
            // Filter 0: neighbouring positions in a palette predict nothing of each other.
            rows.append(0)
            rows += pixels[y * width..<(y + 1) * width]
        }
        var bytes: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        // Eight bits, palette, no interlacing.
        bytes += chunk("IHDR", number(width) + number(height) + [8, 3, 0, 0, 0])
        bytes += chunk("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] })
        bytes += chunk("IDAT", try zlib(rows))
        return bytes + chunk("IEND", [])
    }

    /// The zlib stream (RFC 1950) of bytes: the deflated data of their gzip form in another envelope.
    private static func zlib(_ bytes: [UInt8]) throws -> [UInt8] {
        let gzip = try Gzip.compress(ByteBuffer(bytes: bytes))
        // RFC 1952: ten bytes before (no name, no comment), eight after.
        let deflated = gzip.readableBytesView.dropFirst(10).dropLast(8)
        return [0x78, 0x9c] + deflated + number(Int(adler32(bytes)))
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return b << 16 | a
    }

    private static func chunk(_ name: StaticString, _ data: [UInt8]) -> [UInt8] {
        let body = Array("\(name)".utf8) + data
        return number(data.count) + body + number(Int(crc32(body)))
    }

    private static func number(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xffff_ffff
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
