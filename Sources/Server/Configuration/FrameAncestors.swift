/// Who may show the map's embedded form (`embed=1`) in a frame: the sources of the directive `frame-ancestors` (Content
/// Security Policy Level 3, section 6.4.2). Every other page may be framed by its own origin alone.
public struct FrameAncestors: Sendable, Hashable, CustomStringConvertible {
    /// The sources as the directive has them.
    public let description: String

    private init(sources: String) { description = sources }

    /// Any page.
    public static let anyone = FrameAncestors(sources: "*")
    /// Pages of the same origin alone.
    public static let sameOrigin = FrameAncestors(sources: "'self'")

    /// Reads an operator's choice: `*` for any page, `none` for pages of this server alone, or origins such as
    /// `https://a.example https://*.b.example:8443`, parted by blanks. Nil for anything else.
    ///
    /// An origin has a scheme (http, https), a host and perhaps a port, never a path: the directive would not look at it.
    public init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        switch words {
        case ["*"]: self = .anyone
        case ["none"]: self = .sameOrigin
        case []: return nil
        default:
            guard words.allSatisfy(Self.isOrigin) else { return nil }
            self.init(sources: (["'self'"] + words.map { $0.lowercased() }).joined(separator: " "))
        }
    }

    private static func isOrigin(_ word: Substring) -> Bool {
        // The longest name of a host has 253 characters (RFC 1035, section 2.3.4).
        guard word.utf8.count <= 300 else { return false }
        let label = /[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?/
        guard let scheme = word.prefixMatch(of: /https?:\/\/(?:\*\.)?/.ignoresCase()) else { return false }
        let rest = word[scheme.range.upperBound...]
        let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let isPort = parts.count == 1 || (UInt16(parts[1]).map { $0 > 0 } ?? false) && parts[1].allSatisfy(\.isNumber)
        return isPort
            && parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
                $0.wholeMatch(of: label) != nil && $0.utf8.count <= 63
            }
    }
}
