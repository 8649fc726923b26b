/// A base map under the map's own layers: pictures of another host, which browsers ask for only after a visitor has
/// agreed to it.
public struct BaseMap: Sendable, Hashable {
    /// The address of a picture, with `{z}`, `{x}` and `{y}`: a square of 256 points in WebMercatorQuad.
    public let template: String
    /// Whom browsers then ask: what the page's policy lets them reach.
    public let origin: Origin
    /// Whom to name for the pictures.
    public let attribution: String

    /// Reads an operator's choice; nil for what is no address of pictures, or where nobody is named.
    ///
    /// The scheme is https; http is for a host that is this machine alone.
    public init?(template: String, attribution: String) {
        guard template.utf8.count <= 1000, let scheme = template.firstRange(of: "://") else { return nil }
        let rest = template[scheme.upperBound...]
        guard let slash = rest.firstIndex(of: "/"), let origin = Origin(template[..<slash]) else { return nil }
        guard origin.isSecure || origin.isThisMachine else { return nil }
        let path = template[slash...]
        guard ["{z}", "{x}", "{y}"].allSatisfy({ path.ranges(of: $0).count == 1 }) else { return nil }
        let isPlain = path.replacing(/\{[zxy]\}/, with: "").utf8.allSatisfy { byte in
            (0x21...0x7e).contains(byte) && !"\"'<>\\^`{|}#".utf8.contains(byte)
        }
        let words = attribution.trimmed
        guard isPlain, !words.isEmpty, words.utf8.count <= 1000 else { return nil }
        self.template = template
        self.origin = origin
        self.attribution = String(words)
    }
}
