/// How long an answer may be kept by whoever receives it.
enum CachePolicy: Sendable, Hashable {
    /// The URL names the content: it never changes.
    case immutable
    /// May be kept, but must be asked about before each use.
    case revalidate
    /// May be used unasked for some seconds.
    case seconds(Int)
    /// Must not be kept.
    case noStore

    /// The value of `Cache-Control`.
    var field: String {
        switch self {
        case .immutable: "public, max-age=31536000, immutable"
        case .revalidate: "no-cache"
        case .seconds(let seconds): "public, max-age=\(seconds)"
        case .noStore: "no-store"
        }
    }
}
