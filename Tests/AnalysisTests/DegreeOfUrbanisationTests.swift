import Geometry
import NetworkModel
import TestSupport
import Testing

@testable import Analysis

struct DegreeOfUrbanisationTests {
    @Test func identifiers() {
        #expect(GridSquare(identifier: "1kmN3044E4471") == GridSquare(north: 3044, east: 4471))
        #expect(GridSquare(identifier: "CRS3035RES1000mN3044000E4471000") == GridSquare(north: 3044, east: 4471))
        #expect(GridSquare(identifier: "100mN30447E44719") == GridSquare(north: 3044, east: 4471))
        #expect(GridSquare(identifier: "CRS3035RES100mN3044900E4471100") == GridSquare(north: 3044, east: 4471))
        for text in ["", "N1E1", "1kmN3044", "1kmE3044N4471", "1kmN-1E4", "10kmN30E44", "1kmN99999999999E1", "1kmNE"] {
            #expect(GridSquare(identifier: text) == nil, "\(text)")
        }
    }

    /// People by rows of the grid, the north on top, in hundreds.
    private static func grid(_ rows: [[Int64]]) -> [GridSquare: Int64] {
        var people: [GridSquare: Int64] = [:]
        for (row, values) in rows.enumerated() {
            for (column, hundreds) in values.enumerated() where hundreds > 0 {
                people[GridSquare(north: Int32(100 - row), east: Int32(100 + column))] = hundreds * 100
            }
        }
        return people
    }

    private static func classes(_ rows: [[Int64]]) -> [[Int?]] {
        let grid = SettlementGrid(grid(rows))
        return rows.indices.map { row in
            rows[row].indices.map {
                grid.classes[GridSquare(north: Int32(100 - row), east: Int32(100 + $0))]?.rawValue
            }
        }
    }

    /// A centre of 8 squares around a thin one: the gap is filled; a dense square that only touches with a corner is
    /// none of the centre's, but a suburb.
    @Test func urbanCentreWithGap() {
        #expect(
            Self.classes([
                [70, 70, 70, 0],
                [70, 1, 70, 0],
                [70, 70, 70, 0],
                [0, 0, 0, 20],
            ]) == [
                [30, 30, 30, nil],
                [30, 30, 30, nil],
                [30, 30, 30, nil],
                [nil, nil, nil, 21],
            ])
    }

    /// Filling goes on in rounds: the inner gap of a bay closes only when its mouth has closed.
    @Test func gapsFillInRounds() {
        let classes = Self.classes([
            [90, 90, 90, 90, 90],
            [90, 1, 1, 1, 90],
            [90, 90, 90, 90, 90],
        ])
        #expect(classes.joined().allSatisfy { $0 == 30 })
    }

    @Test func denseTownAndItsSuburb() {
        // 2 dense squares hold 6,000 people; the others belong to the same cluster of 300 and more.
        #expect(
            Self.classes([[30, 30, 4], [0, 4, 4]]) == [[23, 23, 21], [nil, 21, 21]])
    }

    /// Two semi-dense clusters of 5,600 people: two squares away from a dense town, and three.
    @Test func semiDenseNeedsDistance() {
        let near = Self.classes([[60, 0, 14, 14, 14, 14]])
        #expect(near == [[23, nil, 21, 21, 21, 21]])
        let far = Self.classes([[60, 0, 0, 14, 14, 14, 14]])
        #expect(far == [[23, nil, nil, 22, 22, 22, 22]])
    }

    @Test func ruralSquares() {
        // A village of 700 in squares that touch with corners; one of 400 is too small; 49 and 50 people.
        let people = [
            GridSquare(north: 1, east: 1): Int64(400), GridSquare(north: 2, east: 2): 300,
            GridSquare(north: 9, east: 9): 400, GridSquare(north: 20, east: 20): 49,
            GridSquare(north: 22, east: 20): 50,
        ]
        let classes = SettlementGrid(people).classes
        #expect(classes[GridSquare(north: 1, east: 1)] == .ruralCluster)
        #expect(classes[GridSquare(north: 2, east: 2)] == .ruralCluster)
        #expect(classes[GridSquare(north: 9, east: 9)] == .lowDensity)
        #expect(classes[GridSquare(north: 20, east: 20)] == .veryLowDensity)
        #expect(classes[GridSquare(north: 22, east: 20)] == .lowDensity)
    }

    /// A city whose centre is made by the neighbour state's cells, a village, and a place without cells.
    private static func snapshot(reversed: Bool = false) -> Snapshot {
        func cell(_ north: Int, _ east: Int, _ people: Int64, _ key: String) -> [String: FieldValue] {
            [
                "id": .text("1kmN\(north)E\(east)"), "people": .integer(people), "municipality_key": .text(key),
                "role": .text(key.isEmpty ? "context" : "own"), "lon": .real(11), "lat": .real(52),
            ]
        }
        var cells = [cell(10, 10, 9_000, "15001000"), cell(30, 30, 900, "15082010"), cell(30, 40, 100, "15082010")]
        cells += (11...17).map { cell(10, $0, 7_000, "") } + [["id": .text("nowhere"), "people": .integer(5)]]
        let areas = [("15001000", 1), ("15082010", 2), ("15082020", 3)]
        return Snapshot([
            .populationCells: Table(.populationCells, reversed ? cells.reversed() : cells),
            .municipalities: Table(
                .municipalities,
                areas.map { ["key": .text($0.0), "degree_of_urbanisation": .integer(Int64($0.1))] },
                surfaces: areas.map { _ in .rectangle(11, 51, 12, 52) }),
        ])
    }

    @Test func municipalities() throws {
        let degree = try DegreeOfUrbanisation(Self.snapshot())
        #expect(degree.areas.map(\.level1) == [.value(.city), .value(.rural), .missing(.noPopulation)])
        #expect(degree.areas.map(\.level2) == [.value(.city), .value(.village), .missing(.noPopulation)])
        #expect(degree.areas.map(\.agrees) == [true, false, nil])
        #expect((degree.compared, degree.agreeing) == (2, 1))
        #expect(degree.areas[1].people(.ruralCluster) == 900)
        #expect(degree.areas[1].people(.lowDensity) == 100)
        #expect(degree.cellsOffGrid == 1)
        #expect(try DegreeOfUrbanisation(Self.snapshot(reversed: true)).areas == degree.areas)
        #expect(try DegreeOfUrbanisation(Snapshot([:])).areas.isEmpty)
    }
}
