import Testing

@testable import Analysis

/// Expected values from numpy 2.4 (`linalg.eigh` of `corrcoef`).
struct PrincipalComponentsTests {
    private static let table = [
        [2.0, 70, 1.5], [3.5, 61, 0.5], [4.0, 64, 2.5], [6.5, 40, 1.0], [7.0, 45, 3.5], [9.0, 21, 2.0],
    ]

    @Test func componentsOfATable() throws {
        let components = try #require(PrincipalComponents(Self.table))
        let expected: [(found: [Double], wanted: [Double])] = [
            (components.means, [5.333333333333333, 50.166666666666664, 1.8333333333333333]),
            (components.deviations, [2.3746344747958346, 16.747304924142934, 0.9860132971832694]),
            (components.eigenvalues, [2.1010354384767504, 0.8905854903479237, 0.008379071175325381]),
            (components.correlations[0], [1, -0.9715897688673485, 0.36184101936272406]),
            (components.eigenvectors[0], [0.6835115361956154, -0.6533724037698236, 0.32544812471352935]),
        ]
        for (found, wanted) in expected {
            for (found, wanted) in zip(found, wanted) { #expect(abs(found - wanted) < 1e-12) }
        }
    }

    /// Eigenvectors are orthogonal and take the matrix apart; their signs are fixed.
    @Test func decompositionMultipliesBack() {
        let matrix = [
            [4.0, 1, -2, 0.5, 0], [1, 2, 0, 1, -1], [-2, 0, 3, -2, 0.25], [0.5, 1, -2, -1, 1], [0, -1, 0.25, 1, 0],
        ]
        let (values, vectors) = SymmetricEigen.decompose(matrix)
        #expect(values == values.sorted(by: >))
        for row in 0..<5 {
            for column in 0..<5 {
                let product = (0..<5).reduce(0.0) { $0 + vectors[$1][row] * values[$1] * vectors[$1][column] }
                #expect(abs(product - matrix[row][column]) < 1e-13)
                let scalar = (0..<5).reduce(0.0) { $0 + vectors[row][$1] * vectors[column][$1] }
                #expect(abs(scalar - (row == column ? 1 : 0)) < 1e-14)
            }
            #expect((vectors[row].max { abs($0) < abs($1) } ?? 0) > 0)
        }
    }

    @Test func theOrderOfRowsChangesNothingButRounding() throws {
        let one = try #require(PrincipalComponents(Self.table))
        let other = try #require(PrincipalComponents(Array(Self.table.reversed())))
        for (lhs, rhs) in zip(one.eigenvalues + one.eigenvectors[0], other.eigenvalues + other.eigenvectors[0]) {
            #expect(abs(lhs - rhs) < 1e-13)
        }
    }

    @Test func tablesWithoutComponents() {
        #expect(PrincipalComponents([]) == nil)
        #expect(PrincipalComponents([[1, 2], [2, 1]]) == nil, "as few rows as columns")
        #expect(PrincipalComponents([[1, 5], [2, 5], [4, 5]]) == nil, "a column that does not vary")
        #expect(PrincipalComponents([[1, 5], [2, .nan], [4, 6]]) == nil)
        #expect(PrincipalComponents([[1, 5], [2], [4, 6]]) == nil)
    }
}
