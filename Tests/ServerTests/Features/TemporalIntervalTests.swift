import NetworkModel
import Testing

@testable import Server

@Suite struct TemporalIntervalTests {
    @Test(arguments: [
        ("2018-06-01", Int32(20_180_601), Int32(20_180_601)), ("2018-06-01T12:00:00Z", 20_180_601, 20_180_601),
        ("2018-06-01T12:00:00.5+02:00/2019-01-01", 20_180_601, 20_190_101),
    ])
    func readsBothEnds(text: String, first: Int32, last: Int32) throws {
        let interval = try TemporalInterval(text)
        #expect(interval.first == first)
        #expect(interval.last == last)
    }

    @Test(arguments: ["2018-06-01/..", "2018-06-01/"]) func readsAnOpenEnd(text: String) throws {
        #expect(try TemporalInterval(text) == TemporalInterval("2018-06-01/.."))
        #expect(try TemporalInterval(text).last == nil)
    }

    @Test(arguments: ["../2018-06-01", "/2018-06-01"]) func readsAnOpenBegin(text: String) throws {
        #expect(try TemporalInterval(text).first == nil)
        #expect(try TemporalInterval(text).last == 20_180_601)
    }

    @Test(arguments: [
        "", "foo", "2020-13-01", "2020-02-30", "../..", "/", "..", "2020-01-02/2020-01-01", "2020-01-01/2020-01-02/x",
        "2020", "2020-01", "2020-01-01T", "2020-01-01T25:00:00Z", "2020-01-01T12:00:00", "2020-01-01T12:00Z",
        "2020-01-01T12:00:00.Z", "2020-01-01T12:00:00+2", "2020-01-01Z", "2020-01-01 12:00:00Z", "٢٠٢٠-٠١-٠١",
    ])
    func refusesTheRest(text: String) {
        let problem = #expect(throws: Problem.self) { try TemporalInterval(text) }
        #expect(problem?.parameter == "datetime")
    }

    @Test func meetsByWholeDaysInStatedPrecision() throws {
        let june = try TemporalInterval("2018-06-15")
        #expect(june.meets(from: ReducedDate("2018"), to: ReducedDate("2018-06")))
        #expect(!june.meets(from: ReducedDate("2018-07"), to: nil))
        #expect(!june.meets(from: nil, to: ReducedDate("2018-05")))
        #expect(june.meets(from: nil, to: nil))
        #expect(try TemporalInterval("2018-06-30/..").meets(from: nil, to: ReducedDate("2018-06")))
    }
}
