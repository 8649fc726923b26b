import Foundation
import NetworkModel
import Testing

@testable import Loader

/// Damaged files, by the hundred and always the same ones: each loads with an account that adds up, or fails with an
/// error of the loader.
@Suite struct MutationTests {
    /// A generator of pseudo-random numbers with a fixed seed (SplitMix64).
    private struct Dice {
        var state: UInt64 = 7

        mutating func roll(_ sides: Int) -> Int {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return Int((z ^ (z >> 31)) % UInt64(sides))
        }
    }

    /// Bytes that mean something in some format.
    private static let marks = Array("\"{}[],;:\\\n\r\t\0\u{1e}eE+-.".utf8)

    private func damaged(_ original: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = original
        for _ in 0...dice.roll(4) where !bytes.isEmpty {
            let at = dice.roll(bytes.count)
            switch dice.roll(5) {
            case 0: bytes[at] = UInt8(dice.roll(256))
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(Self.marks[dice.roll(Self.marks.count)], at: at)
            case 3: bytes.removeSubrange(at..<min(bytes.count, at + dice.roll(40)))
            default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + dice.roll(60))], at: at)
            }
        }
        return bytes
    }

    private func survives(_ kind: RecordKind, _ name: String, _ original: [UInt8], rounds: Int) async throws {
        var dice = Dice()
        var loaded = 0
        var failed = 0
        for _ in 0..<rounds {
            let file = try TemporaryFile(name, damaged(original, &dice))
            do {
                let outcome = try await load(kind, file.url, reference: exampleReference())
                #expect(outcome.report.addsUp)
                #expect(outcome.count == outcome.report.loaded + outcome.report.repaired)
                loaded += 1
            } catch let error as LoaderError {
                #expect("\(error)".contains(name))
                failed += 1
            }
        }
        #expect(loaded + failed == rounds)
    }

    @Test func delimitedText() async throws {
        let text =
            "id,title,lon,lat,languages,valid_from,capacity,district_key,postcode\n"
            + (0..<12).map {
                "\($0),\"T \"\"\($0)\"\"\nä\",11.\($0),51.5,de;en,2018-0\(1 + $0 % 9),\($0),15001,06123\r\n"
            }.joined()
        try await survives(.offers, "a.csv", Array(text.utf8), rounds: 400)
    }

    @Test func geoJSON() async throws {
        let features = (0..<6).map {
            #"{"type":"Feature","id":\#($0),"geometry":{"type":"Polygon","coordinates":[[[11,51],[12,51],[12,5\#($0)],[11,51]]]},"#
                + #""properties":{"key":"1500\#($0)","name":"Kä\u00e4 \"x\"","population":1\#($0)e1,"l":["a",1],"o":{"p":null}}}"#
        }
        let text =
            #"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":["#
            + features.joined(separator: ",\n") + "]}"
        try await survives(.districts, "a.geojson", Array(text.utf8), rounds: 400)
    }

    @Test func geoPackage() async throws {
        guard let url = testData("thuenen/laendlichkeit_kreisregionen_2016.gpkg") else {
            print("skipped: no real data (set KOMPASS_TEST_DATA)")
            return
        }
        try await survives(.districts, "a.gpkg", [UInt8](try Data(contentsOf: url)), rounds: 25)
    }
}
