/// The encoding of a text file.
public enum TextEncoding: String, Sendable, Hashable {
    /// UTF-8, with or without a byte order mark.
    case utf8 = "UTF-8"
    /// Windows-1252.
    case windows1252 = "Windows-1252"
    /// ISO-8859-1 (Latin-1).
    case latin1 = "ISO-8859-1"

    /// Reads a name as mappings state it, lower case.
    init?(named name: String) {
        switch name {
        case "utf-8", "utf8", "utf-8-sig": self = .utf8
        case "windows-1252", "cp1252", "ansi": self = .windows1252
        case "iso-8859-1", "latin-1", "latin1", "iso-8859-15": self = .latin1
        default: return nil
        }
    }

    /// The scalar of each byte from 0x80 to 0x9f in Windows-1252 (WHATWG Encoding Standard); the five unused
    /// bytes keep their number, as there.
    private static let windowsScalars: [UInt32] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d,
        0x8f,
        0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e,
        0x178,
    ]

    /// Writes bytes of a one-byte encoding as UTF-8. - Returns: the number of bytes written, at most three per byte.
    func transcode(_ source: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var written = 0
        for byte in source {
            guard byte >= 0x80 else {
                target[written] = byte
                written += 1
                continue
            }
            let scalar = self == .windows1252 && byte < 0xa0 ? Self.windowsScalars[Int(byte - 0x80)] : UInt32(byte)
            if scalar < 0x800 {
                target[written] = UInt8(0xc0 | scalar >> 6)
                target[written + 1] = UInt8(0x80 | scalar & 0x3f)
                written += 2
            } else {
                target[written] = UInt8(0xe0 | scalar >> 12)
                target[written + 1] = UInt8(0x80 | scalar >> 6 & 0x3f)
                target[written + 2] = UInt8(0x80 | scalar & 0x3f)
                written += 3
            }
        }
        return written
    }
}
