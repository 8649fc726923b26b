import HTTPTypes
import Testing

@testable import Server

@Suite struct BaseURLTests {
    private func base(
        _ host: String?, _ fields: [String: String] = [:], publicURL: String? = nil, trusts: Bool = false
    ) throws -> String {
        var headers: HTTPFields = [:]
        for (name, value) in fields { headers.set(name, value) }
        let head = HTTPRequest(method: .get, scheme: "http", authority: host, path: "/", headerFields: headers)
        return try BaseURL.of(
            head, publicURL: publicURL.flatMap(BaseURL.init(publicURL:)), trustsForwarding: trusts
        ).description
    }

    @Test(arguments: ["localhost", "example.org:8080", "127.0.0.1", "[::1]:8080", "a-b.c_d", "EXAMPLE.org"])
    func takesTheHost(host: String) throws { #expect(try base(host) == "http://\(host)") }

    @Test(arguments: [
        nil, "", "a b", "a/b", "a@b", "a?b", "a#b", "a:b", "a:99999", "a:", "[::1", "[x]", "[]", "a\"b", "<x>", "a%41",
        String(repeating: "a", count: 256), "ä.de",
    ])
    func refusesWhatIsNoHost(host: String?) { #expect(throws: Problem.self) { try base(host) } }

    @Test func believesAProxyOnlyWhenTold() throws {
        let fields = [
            "X-Forwarded-Host": "kompass.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/k/",
        ]
        #expect(try base("inner", fields) == "http://inner")
        #expect(try base("inner", fields, trusts: true) == "https://kompass.example.org/k")
        #expect(
            try base(
                "inner", ["Forwarded": "for=1.2.3.4;host=\"a.example:444\";proto=https, for=x;host=evil"], trusts: true)
                == "https://a.example:444")
        #expect(
            try base("inner", ["X-Forwarded-Host": "<script>", "X-Forwarded-Proto": "https"], trusts: true)
                == "http://inner")
        #expect(try base("inner", ["X-Forwarded-Proto": "javascript"], trusts: true) == "http://inner")
        #expect(try base("inner", ["X-Forwarded-Prefix": "/../x"], trusts: true) == "http://inner")
    }

    @Test func thePublicURLGoesFirst() throws {
        #expect(
            try base("inner", ["X-Forwarded-Host": "other"], publicURL: "https://k.example/map/", trusts: true)
                == "https://k.example/map")
        #expect(BaseURL(publicURL: "https://k.example/map/")?.path == "/map")
        #expect(BaseURL(publicURL: "https://k.example")?.path == "")
    }

    @Test(arguments: [
        "", "k.example", "ftp://k.example", "https://", "https://k.example/?a", "https://k/#x", "https://a b",
    ])
    func refusesOtherPublicURLs(url: String) { #expect(BaseURL(publicURL: url) == nil) }
}
