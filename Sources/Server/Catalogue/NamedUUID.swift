import Crypto

/// UUIDs of version 8 (RFC 9562) made from names: equal names, equal identifiers, on every server and at every time.
enum NamedUUID {
    /// The UUID of some names. - Complexity: O(bytes)
    static func of(_ names: String...) -> String {
        var bytes = Array(SHA256.hash(data: Array(names.joined(separator: "\u{0}").utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x80
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = Array("0123456789abcdef")
        var result = ""
        for (position, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(position) { result.append("-") }
            result.append(digits[Int(byte >> 4)])
            result.append(digits[Int(byte & 15)])
        }
        return result
    }
}
