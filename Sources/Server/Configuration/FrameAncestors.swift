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
            let origins = words.compactMap { Origin($0, takesWildcard: true) }
            guard origins.count == words.count else { return nil }
            self.init(sources: (["'self'"] + origins.map(\.description)).joined(separator: " "))
        }
    }
}
