import TestSupport
import Testing

@testable import NetworkModel

struct SnapshotTests {
    @Test func versionDependsOnContentAlone() {
        let tables = ExampleNetwork.tables
        var shuffled = tables
        for (kind, table) in tables { shuffled[kind] = table.gathered((0..<table.count).reversed()) }
        #expect(Snapshot(tables).dataVersion == Snapshot(shuffled).dataVersion)
        var changed = tables
        changed[.links] = Table(.links, [])
        #expect(Snapshot(tables).dataVersion != Snapshot(changed).dataVersion)
    }

    @Test func figuresAreCountedPerArea() {
        let districts = Snapshot(ExampleNetwork.tables).districts
        #expect(districts.integer("people") == [100, 50])
        #expect(districts.integer("actors") == [1, 0])
        #expect(districts.integer("offers") == [2, 0])
        #expect(districts.integer("municipalities") == [1, 2])
        #expect(districts.code("data_status")[1] == "no_data")
    }

    @Test func protectedPlaceIsKnownByDistrictOnly() {
        var tables = ExampleNetwork.tables
        tables[.actors] = Table(
            .actors,
            [
                [
                    "id": .text("amt"), "name": .text("Schutzhaus"), "publish": .text("district_only"),
                    "street": .text("Geheim 1"), "district_key": .text("15001"), "municipality_key": .text("15001000"),
                    "postcode": .text("39104"), "lon": .real(11.4), "lat": .real(51.4), "phone": .text("1"),
                ]
            ])
        let snapshot = Snapshot(tables)
        #expect(snapshot.actors.point(0) == nil)
        #expect(snapshot.actors.text("street")[0] == nil)
        #expect(snapshot.actors.code("municipality_key")[0] == nil)
        #expect(snapshot.actors.code("municipality_name")[0] == nil)
        #expect(snapshot.actors.code("district_key")[0] == "15001")
        #expect(snapshot.actors.code("precision")[0] == "district")
        // Its offers would tell where it is.
        let row = snapshot.offerRows.row(of: "beratung") ?? -1
        #expect(snapshot.offers.point(row) == nil)
        #expect(snapshot.offers.code("district_key")[row] == "15001")
        #expect(snapshot.offers.code("municipality_key")[row] == nil)
    }

    /// Whatever a schema has or gets: a field of a protected record is empty unless it is named as harmless.
    @Test(arguments: [RecordKind.actors, .offers])
    func ofProtectedPlacesOnlyHarmlessFieldsStay(kind: RecordKind) {
        var row: [String: FieldValue] = [:]
        for field in kind.schema.fields {
            row[field.name] =
                switch field.type {
                case .text, .code: .text("Breiter Weg 12")
                case .codeList: .list(["Breiter Weg 12"])
                case .integer: .integer(12)
                case .real: .real(12)
                case .boolean: .boolean(true)
                case .date: .text("2020-01-01")
                case .timestamp: .null
                }
        }
        row["publish"] = .text("district_only")
        row["district_key"] = .text("15001")
        let table = Publication.apply([.districtOnly], to: Table(kind, [row]))
        let stated = kind.schema.fields.map(\.name).filter { table[field: $0]?[0] != .null }
        let harmless = [
            "id", "name", "title", "actor_id", "parent_id", "sector", "kind", "state", "category", "topics",
            "audiences", "languages", "delivery", "served_keys", "valid_from", "valid_to", "capacity", "participants",
            "sessions", "district_key", "precision", "publish", "source_id", "source_date", "region",
        ]
        #expect(stated == kind.schema.fields.map(\.name).filter(harmless.contains))
        for name in ["short_name", "accessibility", "cost", "description", "street"] {
            #expect(!stated.contains(name), "\(name)")
        }
    }

    @Test func withheldActorLeavesNoTrace() {
        var tables = ExampleNetwork.tables
        tables[.actors] = Table(
            .actors, [["id": .text("amt"), "name": .text("X"), "publish": .text("no"), "district_key": .text("15001")]])
        let snapshot = Snapshot(tables)
        #expect(snapshot.actors.count == 0)
        #expect(snapshot.links.count == 0)
        #expect(
            snapshot.offers.code("actor_id").codes.allSatisfy {
                $0 == 0 || snapshot.offers.code("actor_id").dictionary[$0] != "amt"
            })
        #expect(snapshot.offers.code("actor_name").dictionary.count == 0)
    }

    @Test func emptyProjectIsASnapshot() {
        let snapshot = Snapshot([:])
        #expect(snapshot.offers.count == 0)
        #expect(snapshot.dataVersion.description.count == 16)
    }

    @Test func cellOfTwoRegionsCountsOnceAndAsOwn() {
        func cell(_ region: String, _ role: String) -> [String: FieldValue] {
            [
                "id": .text("1kmN1E1"), "people": .integer(100), "role": .text(role), "region": .text(region),
                "district_key": .text(role == "own" ? "15001" : ""), "lon": .real(11.2), "lat": .real(51.2),
            ]
        }
        for rows in [[cell("a", "context"), cell("b", "own")], [cell("b", "own"), cell("a", "context")]] {
            var tables = ExampleNetwork.tables
            tables[.populationCells] = Table(.populationCells, rows)
            let snapshot = Snapshot(tables)
            #expect(snapshot.populationCells.count == 1)
            #expect(snapshot.districts.integer("people") == [100, 0])
        }
    }

    @Test func referencesDoNotTellWhatIsWithheld() {
        var tables = ExampleNetwork.tables
        tables[.actors] = Table(
            .actors,
            [
                [
                    "id": .text("amt"), "name": .text("Haus"), "publish": .text("district_only"),
                    "parent_id": .text("traeger"),
                ],
                ["id": .text("traeger"), "name": .text("Geheimer Träger"), "publish": .text("no")],
                ["id": .text("verein"), "name": .text("Verein")],
            ])
        var offer = ExampleNetwork.offer("fern", "Fern", "training", actor: "amt")
        offer["served_keys"] = .list(["15001000", "15002"])
        tables[.offers] = Table(.offers, [offer])
        tables[.links] = Table(
            .links,
            [
                [
                    "id": .text("1"), "from_id": .text("amt"), "from_name": .text("Haus in der Geheimgasse"),
                    "to_id": .text("draussen"), "to_name": .text("Draußen"),
                ]
            ])
        let snapshot = Snapshot(tables)
        let actor = snapshot.actorRows.row(of: "amt") ?? -1
        #expect(snapshot.actors.code("parent_id")[actor] == nil)
        #expect(snapshot.offers.codeList("served_keys")[0] == ["15001", "15002"])
        #expect(snapshot.links.text("from_name")[0] == "Haus")
        #expect(snapshot.links.text("to_name")[0] == "Draußen")
    }
}
