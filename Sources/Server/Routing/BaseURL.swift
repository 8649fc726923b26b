import HTTPTypes

/// The beginning of every link in an answer: scheme, host and, behind a proxy, a path prefix; no slash at the end.
struct BaseURL: Hashable, Sendable, CustomStringConvertible {
    let description: String

    /// Whether links lead from file to file in a folder.
    let isRelative: Bool

    /// The beginning of absolute URLs; nil for a folder of which nobody has said where it will stand.
    let absolute: String?

    /// The path prefix alone, empty where there is none: for pages, which stay on the origin that they came from.
    var path: String {
        if isRelative { return description }
        let parts = description.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 ? "/\(parts[3])" : ""
    }

    /// Takes the operator's URL; nil where it is no absolute http(s) URL or has a query or fragment.
    init?(publicURL: String) {
        let url = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        for scheme in ["http://", "https://"] where url.lowercased().hasPrefix(scheme) {
            let rest = url.dropFirst(scheme.count)
            let host = rest.prefix { $0 != "/" }
            let path = rest.dropFirst(host.count)
            guard Self.isHost(host), path.isEmpty || Self.isPath(path) else { return nil }
            description = scheme + rest
            absolute = description
            isRelative = false
            return
        }
        return nil
    }

    /// The base of answers without links.
    static let none = BaseURL(scheme: "http", host: "")

    private init(scheme: Substring, host: Substring, prefix: Substring = "") {
        description = "\(scheme)://\(host)\(prefix)"
        absolute = description
        isRelative = false
    }

    /// The base of links in a file of a folder, so many folders below its root.
    ///
    /// - Parameter publicURL: where the folder will stand, for what cannot be said by links from file to file.
    init(depth: Int, publicURL: BaseURL?) {
        absolute = publicURL?.description
        description = depth == 0 ? "." : Array(repeating: "..", count: depth).joined(separator: "/")
        isRelative = true
    }

    /// The base of links in a file of a folder that hosts answer with at any path below where the folder stands.
    init(below publicURL: BaseURL) {
        absolute = publicURL.description
        description = publicURL.path
        isRelative = true
    }

    /// Finds the base of a request: the operator's, else the proxy's where it is trusted, else the `Host` field.
    ///
    /// - Throws: a problem of status 400 where the host is missing or none: it would go into links.
    static func of(
        _ head: HTTPRequest, publicURL: BaseURL?, trustsForwarding: Bool
    ) throws(Problem) -> BaseURL {
        if let publicURL { return publicURL }
        if trustsForwarding, let forwarded = forwarded(head) { return forwarded }
        guard let host = head.authority?[...], isHost(host) else {
            throw Problem(.badRequest, "the Host field is missing or holds no host")
        }
        return BaseURL(scheme: "http", host: host)
    }

    /// What a proxy says in `Forwarded` (RFC 7239), else in the `X-Forwarded-…` fields; the first hop counts, which
    /// is the one that the client spoke to.
    private static func forwarded(_ head: HTTPRequest) -> BaseURL? {
        var host = first(head, "X-Forwarded-Host")
        var scheme = first(head, "X-Forwarded-Proto")
        let prefix = first(head, "X-Forwarded-Prefix").map { $0.hasSuffix("/") ? $0.dropLast() : $0 } ?? ""
        for pair in first(head, "Forwarded")?.split(separator: ";") ?? [] {
            let parts = pair.split(separator: "=", maxSplits: 1).map(\.trimmed)
            guard parts.count == 2 else { continue }
            let value =
                parts[1].hasPrefix("\"") && parts[1].hasSuffix("\"") && parts[1].count > 1
                ? parts[1].dropFirst().dropLast() : parts[1]
            switch parts[0].lowercased() {
            case "host": host = value
            case "proto": scheme = value
            default: break
            }
        }
        let knownHost = host ?? head.authority?[...]
        guard let knownHost, isHost(knownHost), prefix.isEmpty || isPath(prefix) else { return nil }
        let knownScheme = scheme ?? "http"
        guard knownScheme == "http" || knownScheme == "https" else { return nil }
        return BaseURL(scheme: knownScheme, host: knownHost, prefix: prefix)
    }

    private static func first(_ head: HTTPRequest, _ name: String) -> Substring? {
        guard let name = HTTPField.Name(name), let value = head.headerFields[name] else { return nil }
        return value.split(separator: ",").first.map(\.trimmed)
    }

    /// Whether a text is a host name or address with an optional port, and nothing that could leave its place in a URL.
    static func isHost(_ text: Substring) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 255 else { return false }
        var name = text
        var port: Substring?
        if name.first == "[" {
            guard let end = name.firstIndex(of: "]") else { return false }
            let rest = name[name.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return false }
            port = rest.isEmpty ? nil : rest.dropFirst()
            name = name[name.index(after: name.startIndex)..<end]
            guard !name.isEmpty, name.utf8.allSatisfy({ isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == 0x2e })
            else { return false }
        } else {
            if let colon = name.firstIndex(of: ":") {
                port = name[name.index(after: colon)...]
                name = name[..<colon]
            }
            guard !name.isEmpty, name.utf8.allSatisfy({ isLetterOrDigit($0) || "-._".utf8.contains($0) }) else {
                return false
            }
        }
        guard let port else { return true }
        return !port.isEmpty && port.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt16(port) != nil
    }

    private static func isPath(_ text: Substring) -> Bool {
        text.first == "/" && text.utf8.allSatisfy { isLetterOrDigit($0) || "-._~/".utf8.contains($0) }
            && !text.contains("//") && !text.contains("..")
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
