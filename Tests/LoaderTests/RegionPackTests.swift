import Foundation
import NetworkModel
import Testing

@testable import Loader

@Suite struct RegionPackTests {
    private func pack(_ text: String, _ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(component: "kompass-pack-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(text.utf8).write(to: folder.appending(component: "region.yaml"))
        try body(folder)
    }

    @Test func readsDescriptionExpectationAndInputsInLoadingOrder() throws {
        let text = """
            id: test
            names: {de: Testland, en: Testland}
            state: TL
            key_prefix: "01"
            crs: EPSG:25832
            as_of: "2024-12-31"
            languages: [de, en]
            duties:
              imprint: |
                Verein

                Weg 1
              feedback: mailto:post@a.test
            expect: {districts: 1, own_people: 12}
            sources: sources.csv
            inputs:
              - {kind: offers, file: offers.csv, place_from_actor: true}
              - {kind: districts, file: districts.geojson, where: GF = 4}
              - {kind: population, file: p.csv, crs: "EPSG:3035"}
            """
        try pack(text) { folder in
            let pack = try RegionPack(directory: folder)
            #expect(pack.id == "test" && pack.keyPrefix == "01" && pack.names["de"] == "Testland")
            #expect(pack.expect == ["districts": 1, "own_people": 12])
            #expect(pack.inputs.map(\.kind) == [.sources, .districts, .populationCells, .offers])
            #expect(pack.inputs[1].filter?.text == "GF = 4")
            #expect(pack.inputs[2].crs == "EPSG:3035")
            #expect(pack.inputs[3].placeFromActor)
            #expect(pack.regionTable.count == 1)
            #expect(pack.regionTable.code("state")[0] == "TL")
            #expect(pack.regionTable.codeList("languages")[0] == ["de", "en"])
            #expect(pack.regionTable.date("as_of") == [20_241_231])
            #expect(pack.regionTable.text("imprint_text")[0]?.contains("Verein\n\nWeg 1") == true)
            #expect(pack.regionTable.text("feedback_url")[0] == "mailto:post@a.test")
            #expect(pack.regionTable.text("report_url")[0] == nil)
        }
    }

    @Test(arguments: [
        ("names: {de: x}", "'id'"), ("id: x\ninputs: [{kind: nonsense, file: a}]", "line 2"),
        ("id: x\nkey_prefix: 1", "key_prefix"),
        ("id: x\nincludes: [.]", "include each other"), ("id: x\nas_of: gestern", "gestern"),
        ("id: x\ninputs: [{kind: offers}]", "'file'"),
        ("id: x\nduties: {report: 'javascript:alert(1)'}", "no address"), ("id: x\nduties: {foo: a}", "'foo'"),
        ("id: x\nfoo: 1", "'foo'"), ("- a", "expected statements"), ("id: x\nincludes: [../nowhere]", "no such file"),
    ])
    func namesWhatIsWrongInAPack(_ text: String, _ message: String) throws {
        try pack(text) { folder in
            #expect {
                try RegionPack(directory: folder)
            } throws: { error in
                (error as? LoaderError)?.isUsage == true && "\(error)".contains(message)
                    && "\(error)".contains("region.yaml")
            }
        }
    }

    /// The packs that ship: everything loads, and the promised counts are met.
    @Test(arguments: ["sachsen-anhalt", "nordrhein-westfalen"])
    func shippedPacksLoadWithoutLoss(_ name: String) async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let pack = try RegionPack(directory: root.appending(path: "Data/\(name)"))
        var reference = ReferenceData()
        var totals: [String: Int] = [:]
        for part in pack.includes + [pack] {
            for input in part.inputs {
                let stream = try Loader(reference: reference, region: part.id, metricCRS: part.crs).open(input)
                var count = 0
                while let table = try await stream.next() {
                    reference.add(table)
                    count += table.count
                }
                let report = await stream.finish()
                #expect(report.addsUp && report.rejected == 0, "\(input.fileName): \(report.issues.prefix(5))")
                #expect(count == report.read)
                if part.id == pack.id { totals[input.kind.inputName, default: 0] += count }
                if input.kind == .populationCells {
                    let own =
                        "own cells \(pack.expect["own_cells"] ?? -1) with \(pack.expect["own_people"] ?? -1) people"
                    #expect(report.notes.contains { $0.contains(own) }, "\(report.notes)")
                }
            }
        }
        for (name, count) in pack.expect where RecordKind(inputName: name) != nil {
            #expect(totals[name] == count, "\(name)")
        }
    }
}
