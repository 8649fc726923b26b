import Foundation
import Geometry
import Logging
import NetworkModel
import TestSupport
import Testing

@testable import Server

@Suite struct NearestTests {
    @Test func neighboursStandInTheOrderOfTheirDistance() async throws {
        let site = try TestSite(MadeNetwork.offers(57))
        let place = Coordinate<Geographic>(longitude: 11.234, latitude: 51.1)
        let answer = try await site.send("/api/nearest?lon=11.234&lat=51.1&k=40")
        #expect(answer["Cache-Control"] == "no-store")
        let offers = try #require(answer.json()["offers"] as? [[String: Any]])
        #expect(offers.count == 40)
        #expect(offers.compactMap { $0["rank"] as? Int } == Array(1...40))
        let placed = (0..<57).filter { !$0.isMultiple(of: 10) }
            .map { number in
                let position = Coordinate<Geographic>(
                    longitude: 11 + Double(number % 100) / 50, latitude: 51 + Double(number / 100 % 100) / 100)
                return (id: "o\(number)", distance: Geodesic.grs80.distance(from: place, to: position).value)
            }
            .sorted { ($0.distance, $0.id) < ($1.distance, $1.id) }
        #expect(offers.compactMap { $0["id"] as? String } == placed.prefix(40).map(\.id))
        for (offer, expected) in zip(offers, placed) {
            let distance = try #require(offer["distance_m"] as? Double)
            #expect(abs(distance - expected.distance) < 1e-6)
        }
        for offer in offers {
            for member in ["title", "actor_name", "bearing_deg", "precision", "lon", "lat"] {
                #expect(offer[member] != nil && !(offer[member] is NSNull), "\(member)")
            }
        }
        #expect(try answer.json()["base"] is NSNull)
    }

    @Test func aPlaceWithAnOfferHasNoDirectionToIt() async throws {
        let json = try await TestSite().send("/api/nearest?lon=11.5&lat=51.5&k=1&category=counselling").json()
        let offer = try #require((json["offers"] as? [[String: Any]])?.first)
        #expect(offer["id"] as? String == "beratung")
        #expect(offer["distance_m"] as? Double == 0)
        #expect(offer["bearing_deg"] is NSNull)
        #expect(offer["missing"] as? [String] == ["bearing_deg=same_place"])
    }

    @Test func noOfferIsSaid() async throws {
        let json = try await TestSite().send("/api/nearest?lon=11.5&lat=51.5&q=nichts").json()
        #expect((json["offers"] as? [Any])?.count == 0)
        #expect(json["missing"] as? String == "no_usable_offer")
    }

    @Test(arguments: [
        ("k", "0"), ("k", "10000"), ("k", "-1"), ("k", "1.5"), ("k", ""), ("lon", "181"), ("lon", "nan"), ("lon", ""),
        ("lat", "90.0001"), ("lat", "x"), ("lat", "inf"), ("radius", "5"), ("level", "state"),
    ])
    func badParametersAreNamed(name: String, value: String) async throws {
        var parameters = ["lon": "11.5", "lat": "51.5"]
        parameters[name] = value
        let query = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        let answer = try await TestSite().send("/api/nearest?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.json()["parameter"] as? String == name)
    }

    @Test(arguments: [("lon", "lat=51"), ("lat", "lon=11"), ("lon", "")])
    func aMissingPlaceIsNamed(name: String, query: String) async throws {
        let answer = try await TestSite().send("/api/nearest?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.json()["parameter"] as? String == name)
    }

    @Test func theGlobesSeamsAreAnswered() async throws {
        let site = try TestSite()
        var answers: [[Double]] = []
        for place in ["lon=180&lat=10", "lon=-180&lat=10", "lon=0&lat=90", "lon=123&lat=90"] {
            let offers = try #require(try await site.send("/api/nearest?\(place)").json()["offers"] as? [[String: Any]])
            answers.append(offers.compactMap { $0["distance_m"] as? Double })
        }
        #expect(answers[0].count == 2)
        #expect(answers[0] == answers[1])
        #expect(answers[2] == answers[3])
    }

    @Test(arguments: ["json", "csv", "geojson", "html"])
    func whereSomebodyIsStaysNowhere(format: String) async throws {
        let lines = LogLines()
        let site = try TestSite(logger: Logger(label: "test") { _ in RecordingLog(lines: lines) })
        let target = "/api/nearest?lon=11.98765&lat=51.43210&f=\(format)"
        let answer = try await site.send(target)
        #expect(answer.status == 200)
        #expect(answer["Cache-Control"] == "no-store")
        let before = site.server.site.current.served.representations.account
        _ = try await site.send(target)
        let after = site.server.site.current.served.representations.account
        #expect(before.hits == after.hits && before.misses == after.misses)
        _ = try await site.send("/api/nearest?lon=11.98765&lat=151.43210")
        let metrics = try await site.send("/metrics").text
        #expect(metrics.contains("route=\"/api/nearest\",status=\"200\"} 2"))
        let log = lines.all.joined()
        #expect(log.contains("/api/nearest"))
        for secret in ["98765", "4321"] { #expect(!log.contains(secret) && !metrics.contains(secret)) }
    }
}
