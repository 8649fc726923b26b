/// Why a server cannot start. The description says what to do.
public enum ServerError: Error, Sendable, CustomStringConvertible {
    /// A file that the server sends or renders is missing or cannot be read.
    case missingAsset(path: String, reason: String)
    /// A file that the server completes or renders is malformed.
    case invalidAsset(path: String, reason: String)
    /// `publicURL` is not an absolute http or https URL without query and fragment.
    case invalidPublicURL(String)
    /// `frameAncestors` is no list of origins.
    case invalidFrameAncestors(String)
    /// The project file cannot be read.
    case unreadableData(reason: String)
    /// The server cannot listen where it was told to.
    case unusableAddress(host: String, port: Int, reason: String)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .missingAsset(let path, let reason):
            "\(path): \(reason); name the folder Tiles with --assets, or run tools/run, which fetches what is missing"
        case .invalidAsset(let path, let reason):
            "\(path): \(reason); restore the file as it was delivered, or correct it"
        case .invalidPublicURL(let url):
            "--public-url '\(url)': expected an absolute URL such as https://kompass.example.org, without query"
        case .invalidFrameAncestors(let text):
            """
            --frame-ancestors '\(text)': expected origins parted by blanks, such as \
            'https://a.example https://*.b.example', or * for any, or none
            """
        case .unusableAddress(let host, let port, let reason):
            "cannot listen on \(host), port \(port): \(reason); choose others with --host and --port"
        case .unreadableData(let reason):
            reason
        }
    }
}
