import Testing

@testable import Server

@Suite struct QueryParametersTests {
    @Test func decodesFormsAndEscapes() throws {
        let query = try QueryParameters("q=M%C3%A4dchen+und+%2B&category=a,b&&empty=&bare")
        #expect(query["q"] == "Mädchen und +")
        #expect(query["category"] == "a,b")
        #expect(query["empty"] == "")
        #expect(query["bare"] == "")
        #expect(query.items.count == 4)
    }

    @Test(arguments: ["q=%", "q=%4", "q=%zz", "q=%ff", "q=%C3", "%ff=1", "q=%00", "q=%ed%a0%80"])
    func refusesGarbage(query: String) {
        #expect(throws: Problem.self) { try QueryParameters(query) }
    }

    @Test func readsPagesLeniently() {
        let query = QueryParameters(lenient: "q=%ff&category=training&fbclid=%")
        #expect(query.items.map(\.name) == ["category"])
    }

    @Test func namesUnknownAndRepeatedParameters() throws {
        let unknown = #expect(throws: Problem.self) { try QueryParameters("a=1&b=2").require(only: ["a"]) }
        #expect(unknown?.parameter == "b")
        let repeated = #expect(throws: Problem.self) { try QueryParameters("a=1&a=1").require(only: ["a"]) }
        #expect(repeated?.parameter == "a")
        #expect(throws: Problem.self) {
            try QueryParameters(Array(repeating: "a=1", count: 101).joined(separator: "&"))
        }
    }

    @Test(arguments: ["", "a b", "ä€😀", "&=?#%+/", "11.5,51.5", "a:b"])
    func encodingRoundTrips(value: String) throws {
        let query = QueryParameters.encode([("name", value)])
        #expect(try QueryParameters(query)["name"] == value)
        #expect(PercentCoding.decode(PercentCoding.encode(value), plusIsSpace: false) == value)
    }
}
