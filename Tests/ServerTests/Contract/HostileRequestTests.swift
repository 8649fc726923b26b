import HTTPTypes
import NetworkModel
import TestSupport
import Testing

@testable import Server

@Suite struct HostileRequestTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    @Test(arguments: [
        "limit=unlimited", "limit=0", "limit=-1", "limit=1.5", "limit=", "limit=%2B1", "limit=1e3",
        "limit=99999999999999999999", "limit=1&limit=2", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,2,3,4,5", "bbox=1,3,2,2",
        "bbox=", "bbox=nan,0,1,1", "bbox=inf,0,1,1", "bbox=1e400,0,1,1", "bbox=-181,0,1,1", "bbox=0,-91,1,1",
        "bbox=1,1,1,1,1,1,1", "datetime=foo", "datetime=2020-13-01", "datetime=../..", "datetime=", "cursor=x",
        "cursor=",
        "cursor=0123456789abcdef-zzz/../", "f=xml", "f=", "lang=fr", "unknownQueryParameter12345=1",
        "category=nonsense",
        "sector=x'%20OR%201=1--", "q=%ff", "q=%", "date=2018", "date=heute", "validity=undated", "located_in=99999",
        "located_in=1", "serves=x", "actor=nobody", "offer-bbox=1,2", "q=a&q=b", "bbox=1,2,3,4&bbox=1,2,3,4",
        "%6cimit=0", "limit=1%00", "=1", "category[]=training", "filter=1=", "filter-lang=x", "filter-crs=x",
        "bbox-crs=x", "crs=x",
    ])
    func badParametersAreNamed(query: String) async throws {
        let answer = try await site.send("/api/collections/offers/items?\(query)")
        #expect(answer.status == 400)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer["Access-Control-Allow-Origin"] == "*")
        #expect(answer["Cache-Control"] == "no-store")
        let json = try answer.json()
        #expect(json["status"] as? Int == 400)
        let parameter = try #require(json["parameter"] as? String)
        let name = try #require(query.split(separator: "=", omittingEmptySubsequences: false).first)
        #expect(parameter == name || name == "%6cimit" || (name == "" && parameter == ""))
        #expect((json["detail"] as? String)?.isEmpty == false)
        #expect((json["detail"] as? String ?? "").count < 4000)
    }

    @Test func hugeValuesAreCutInAnswers() async throws {
        let long = String(repeating: "x", count: 5000)
        for name in ["q", "category", "bbox", "datetime", "cursor", "limit", "f", "lang", long] {
            let answer = try await site.send("/api/collections/offers/items?\(name)=\(name == long ? "1" : long)")
            #expect(answer.status == 400)
            #expect(answer.body.count < 3000)
        }
        #expect(try await site.send("/api/\(long)\(long)").status == 414)
        #expect(try await site.send("/api/collections/\(long)").body.count < 1000)
    }

    @Test func randomQueriesNeverFailTheServer() async throws {
        var generator = SeededGenerator(seed: 20_261_121)
        let names =
            QueryParameter.offerFilter.map(\.name) + [
                "limit", "cursor", "bbox", "datetime", "f", "lang", "v", "x", "filter", "filter-lang", "filter-crs",
            ]
        let pieces = [
            "a", "1", "-1", "%", "%20", "%00", "%c3%a4", "%ff", "'", "\"", "<script>", "..", "/", ",", "&", "=", "+",
            "15001", "2018-06", "NaN", "1e308", "😀", "\\", ";", "--", "${x}", "{{x}}",
        ]
        for _ in 0..<2000 {
            let query = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                let value = (0..<Int.random(in: 0...5, using: &generator)).compactMap { _ in
                    pieces.randomElement(using: &generator)
                }
                return "\(names.randomElement(using: &generator) ?? "")=\(value.joined())"
            }.joined(separator: "&")
            for path in ["/api/collections/offers/items", "/tiles/kompass/4/8/5.mvt", "/api/vocabulary", "/"] {
                let answer = try await site.send("\(path)?\(query)", ["Accept": "*/*"])
                #expect(answer.status < 500, "\(path)?\(query)")
                #expect(path != "/" || answer.status == 200, "\(query)")
            }
        }
    }

    @Test func randomQuestionsAreAnsweredOrRefusedButNeverFail() async throws {
        var generator = SeededGenerator(seed: 20_261_126)
        let values: [String: [String]] = [
            "radius": ["0", "1", "15000", "1e9", "-0.0", "5e-324", "20100000", "nan", "99999.5"],
            "level": ["district", "municipality", "region", "state", "x"],
            "area": ["15001", "15", "15002020", "", "9"],
            "outreach": ["include", "exclude", ""], "catchment": ["0", "1", "1000000", "1e7"],
            "bands": ["1:1", "5000:1,10000:0.5", "0:1,1:1e-300", ":", "1:0"], "supply": ["one", "capacity", "two"],
            "curve": ["include"], "series": ["include"], "lon": ["0", "180", "-180", "181"],
            "lat": ["90", "-90", "51", "x"], "k": ["1", "1000", "0"], "stops": ["1", "3", "50"],
            "method": ["mclp", "p-median"], "candidates": ["municipalities", "0:90,180:-90,11:51", "11.5:51.5", "1"],
            "weights": ["people", "uncovered"], "f": ["json", "csv", "geojson", "html"], "bbox": ["11,51,12,52", "1"],
            "limit": ["1", "7"], "category": ["training", "x"], "date": ["2018-06-15", "0"], "q": ["kurs", "%"],
            "language": ["ar"], "offer-bbox": ["11,51,12,52"],
        ]
        for question in AnalyticalQuestion.allCases {
            for isCollection in [true, false] where isCollection || question.isRoute {
                let parameters = isCollection ? question.collectionParameters : question.parameters
                guard !parameters.isEmpty else { continue }
                let path = isCollection ? "/api/collections/\(question.rawValue)/items" : "/api/\(question.rawValue)"
                let names =
                    parameters.map(\.name).filter { values[$0] != nil } + (isCollection ? ["bbox", "limit"] : ["f"])
                for _ in 0..<300 {
                    var chosen = Set(parameters.filter(\.isRequired).map(\.name))
                    for _ in 0..<Int.random(in: 0...3, using: &generator) {
                        chosen.insert(names.randomElement(using: &generator) ?? "f")
                    }
                    let query = chosen.sorted().map { name in
                        "\(name)=\(values[name]?.randomElement(using: &generator) ?? "")"
                    }.joined(separator: "&")
                    let answer = try await site.send("\(path)?\(query)")
                    #expect(answer.status == 200 || answer.status == 400, "\(path)?\(query)")
                    let text = answer.text.lowercased()
                    #expect(!text.contains(":nan") && !text.contains(":inf") && !text.contains(":-inf"), "\(query)")
                    if answer.status == 400 { #expect(try answer.json()["parameter"] is String, "\(path)?\(query)") }
                }
            }
        }
    }

    @Test(arguments: [
        "/api", "/api/", "/api/conformance", "/api/collections", "/api/collections/offers",
        "/api/collections/offers/items/beratung", "/api/collections/offers/queryables", "/api/openapi.json",
        "/tiles/kompass.json", "/tiles/kompass/4/8/5.mvt", "/api/coverage", "/api/nearest", "/api/siting",
        "/api/definitions", "/api/collections/coverage/items", "/api/collections/gaps/items",
        "/api/collections/access/items", "/api/collections/access/items/1kmN1E1",
    ])
    func unknownParametersAreRefusedEverywhere(path: String) async throws {
        let answer = try await site.send("\(path)?utm_source=x")
        #expect(answer.status == 400)
        #expect(try answer.json()["parameter"] as? String == "utm_source")
    }

    @Test(arguments: [
        "/nothing", "/api/nothing", "/api/collections/nothing", "/api/collections/nothing/items",
        "/api/collections/offers/items/nothing", "/assets/nothing.css", "/api/collections/offers/items/%E2%80%AE",
    ])
    func whatIsNotThereIs404(path: String) async throws {
        let answer = try await site.send(path)
        #expect(answer.status == 404)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer["X-Content-Type-Options"] == "nosniff")
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO"])
    func otherMethodsAre405(name: String) async throws {
        let method = try #require(HTTPRequest.Method(name))
        for path in ["/api", "/", "/tiles/kompass/4/8/5.mvt", "/health/live", "/api/collections/offers/items"] {
            let answer = try await site.send(path, method: method)
            #expect(answer.status == 405)
            #expect(answer["Allow"] == "GET, HEAD, OPTIONS")
        }
        #expect(try await site.send("/nothing", method: method).status == 404)
    }

    @Test func aBodyIsRefused() async throws {
        #expect(try await site.send("/api", method: .post, ["Content-Length": "100000"]).status == 413)
        #expect(try await site.send("/api", ["Transfer-Encoding": "chunked"]).status == 413)
        #expect(try await site.send("/api", ["Content-Length": "x"]).status == 413)
        #expect(try await site.send("/api", ["Content-Length": "0"]).status == 200)
    }

    @Test(arguments: ["application/xml", "text/html;q=0", "image/png"])
    func whatCannotBeGivenIs406(accept: String) async throws {
        for path in [
            "/api", "/api/collections", "/api/collections/offers/items", "/api/collections/offers/items/beratung",
        ] {
            let answer = try await site.send(path, ["Accept": accept])
            #expect(answer.status == 406)
        }
        #expect(try await site.send("/api?f=json", ["Accept": accept]).status == 200)
    }

    @Test func aHostThatIsNoneIsRefused() async throws {
        for host in [nil, "", "evil/x", "a b", "<x>"] { #expect(try await site.send("/api", host: host).status == 400) }
        // What holds no link needs no host: probes of load balancers send none.
        for path in ["/health/live", "/metrics", "/tiles/kompass/4/8/5.mvt"] {
            #expect(try await site.send(path, host: nil).status == 200)
        }
    }

    @Test func textOfRecordsAndRequestsIsEscapedInPages() async throws {
        var tables = ExampleNetwork.tables
        let hostile = "\"\u{301}><script>alert(1)</script><\u{301}img src=x> {{x}} ' &amp;"
        tables[.offers] = .init(.offers, [ExampleNetwork.offer("<b>\"id", hostile, "counselling", actor: "amt")])
        let site = try TestSite(tables)
        for target in [
            "/api/collections/offers/items?f=html", "/api/collections/offers/items/%3Cb%3E%22id?f=html",
            "/?q=%22%CC%81%3E%3Cscript%3Ealert(2)%3C/script%3E", "/api/vocabulary?f=html&q=%22%3E%3Cscript%3E", "/",
        ] {
            let answer = try await site.send(target)
            #expect(answer.status == 200)
            let scalars = String(answer.text.unicodeScalars.filter { $0.value < 0x80 })
            #expect(!scalars.contains("<script>alert"), "\(target)")
            #expect(!scalars.contains("<img"), "\(target)")
            #expect(!scalars.contains("\"><script"), "\(target)")
        }
    }
}
