import Crypto

/// The identity of one representation (RFC 9110 section 8.8.3).
struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// The text between the quotation marks.
    var opaque: String
    /// Whether equal tags promise equal meaning only, not equal bytes.
    var isWeak: Bool

    /// The tag of bytes: equal tags, equal bytes.
    static func strong(of bytes: some Collection<UInt8>) -> EntityTag {
        EntityTag(opaque: digest(bytes), isWeak: false)
    }

    /// The tag of an answer that a text identifies, such as the data version with the canonical request.
    static func weak(_ identity: String) -> EntityTag {
        EntityTag(opaque: digest(identity.utf8), isWeak: true)
    }

    /// The tag of the same representation compressed: other bytes, so another strong tag.
    var gzipped: EntityTag { isWeak ? self : EntityTag(opaque: "\(opaque)-gz", isWeak: false) }

    /// As it stands in header fields.
    var description: String { isWeak ? "W/\"\(opaque)\"" : "\"\(opaque)\"" }

    /// Whether an `If-None-Match` field names the tag, by weak comparison, or is `*`.
    func isNamed(by ifNoneMatch: String) -> Bool {
        var rest = ifNoneMatch.trimmed[...]
        if rest == "*" { return true }
        while let quote = rest.firstIndex(of: "\"") {
            let start = rest.index(after: quote)
            guard let end = rest[start...].firstIndex(of: "\"") else { return false }
            if rest[start..<end] == opaque { return true }
            rest = rest[rest.index(after: end)...]
        }
        return false
    }

    /// 96 bits of SHA-256: no two answers of one server's life share them.
    private static func digest(_ bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var hasher = SHA256()
        // Megabytes of a tile are not copied for it.
        let isDone: Void? = bytes.withContiguousStorageIfAvailable {
            hasher.update(bufferPointer: UnsafeRawBufferPointer($0))
        }
        if isDone == nil { hasher.update(data: Array(bytes)) }
        let hash = hasher.finalize().prefix(12).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: hash, as: UTF8.self)
    }
}
