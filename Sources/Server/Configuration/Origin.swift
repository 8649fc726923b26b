/// Scheme, host and perhaps port of an address, as policies of browsers name them.
public struct Origin: Sendable, Hashable, CustomStringConvertible {
    /// In small letters, such as `https://a.example:8443`.
    public let description: String
    /// The host with its port.
    public let host: String
    /// Whether the scheme is https.
    public let isSecure: Bool

    /// Reads an origin; nil for anything else: a path, a user, a name that no host has.
    ///
    /// - Parameter takesWildcard: whether the host may begin with `*.`, which stands for every host below.
    init?(_ text: some StringProtocol, takesWildcard: Bool = false) {
        let word = text.lowercased()
        // The longest name of a host has 253 characters (RFC 1035, section 2.3.4).
        guard word.utf8.count <= 300, let scheme = word.prefixMatch(of: /https?:\/\//) else { return nil }
        let host = word[scheme.range.upperBound...]
        let label = /[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?/
        let parts = host.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let isPort = parts.count == 1 || (UInt16(parts[1]).map { $0 > 0 } ?? false) && parts[1].allSatisfy(\.isNumber)
        let name = takesWildcard && parts[0].hasPrefix("*.") ? parts[0].dropFirst(2) : parts[0]
        let isName = name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
            $0.wholeMatch(of: label) != nil && $0.utf8.count <= 63
        }
        guard isPort, isName else { return nil }
        description = word
        self.host = String(host)
        isSecure = word.hasPrefix("https:")
    }

    /// Whether only programs of the same machine can be meant.
    var isThisMachine: Bool {
        let name = host.prefix { $0 != ":" }
        return name == "localhost" || name == "127.0.0.1"
    }
}
