/// A CRS named by register and code, in any of the spellings in use.
struct CRSReference: Hashable, Sendable {
    let authority: String
    let code: String

    init(authority: String, code: String) {
        self.authority = authority
        self.code = code
    }

    /// Reads `EPSG:25832`, `urn:ogc:def:crs:EPSG:9.8:25832`, `http://www.opengis.net/def/crs/EPSG/0/25832` and
    /// `[EPSG:25832]` (CQL2's and OGC API's safe CURIE); nil for anything else.
    init?(_ text: String) {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        if text.first == "[", text.last == "]" { text = text.dropFirst().dropLast() }
        let lowercased = text.lowercased()
        let parts: [Substring]
        if lowercased.hasPrefix("urn:ogc:def:crs:") || lowercased.hasPrefix("urn:x-ogc:def:crs:") {
            parts = text.split(separator: ":", omittingEmptySubsequences: false).dropFirst(4).map(\.self)
            guard parts.count == 3 else { return nil }
        } else if let scheme = ["http://", "https://"].first(where: lowercased.hasPrefix) {
            let path = text.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
            guard path.count == 6, ["www.opengis.net", "opengis.net"].contains(path[0].lowercased()),
                path[1].lowercased() == "def", path[2].lowercased() == "crs"
            else { return nil }
            parts = Array(path.dropFirst(3))
        } else {
            parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
        }
        guard let authority = parts.first, let code = parts.last, !authority.isEmpty, !code.isEmpty,
            (authority + code).allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) })
        else { return nil }
        self.authority = authority.uppercased()
        self.code = code.uppercased()
    }

    var text: String { "\(authority):\(code)" }
}
