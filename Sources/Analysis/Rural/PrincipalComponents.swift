/// The principal components of a table: the eigenvectors of the correlation matrix of its columns.
///
/// Deviations are those of a whole population (divided by n): the rows are all areas there are, not a sample.
/// A value without state, safe to share between threads.
public struct PrincipalComponents: Sendable, Hashable {
    /// The mean of each column.
    public let means: [Double]
    /// The standard deviation of each column.
    public let deviations: [Double]
    /// The correlations of the columns, row by row.
    public let correlations: [[Double]]
    /// The eigenvalues, the greatest first; they add up to the number of columns.
    public let eigenvalues: [Double]
    /// The eigenvectors of unit length, in the order of the eigenvalues; the component of greatest size is positive.
    public let eigenvectors: [[Double]]

    /// Computes the components.
    ///
    /// - Parameter rows: all of one length.
    /// - Returns: nil where there are fewer rows than columns + 1, where a column does not vary, or where a value is
    ///   not a number: then no correlation matrix of full meaning exists.
    /// - Complexity: O(rows · columns² + columns³)
    public init?(_ rows: [[Double]]) {
        guard let width = rows.first?.count, width > 0, rows.count > width,
            rows.allSatisfy({ $0.count == width && $0.allSatisfy(\.isFinite) })
        else { return nil }
        let count = Double(rows.count)
        let columns = 0..<width
        let means = columns.map { column in rows.reduce(0.0) { $0 + $1[column] } / count }
        func covariance(_ first: Int, _ second: Int) -> Double {
            rows.reduce(0.0) { $0 + ($1[first] - means[first]) * ($1[second] - means[second]) } / count
        }
        let deviations = columns.map { covariance($0, $0).squareRoot() }
        // Below this share of the mean a deviation is rounding alone.
        guard columns.allSatisfy({ deviations[$0] > abs(means[$0]) * 1e-12 && deviations[$0] > 0 }) else { return nil }
        var correlations = columns.map { _ in [Double](repeating: 1, count: width) }
        for first in columns {
            for second in columns where second > first {
                let correlation = covariance(first, second) / (deviations[first] * deviations[second])
                correlations[first][second] = correlation
                correlations[second][first] = correlation
            }
        }
        let (values, vectors) = SymmetricEigen.decompose(correlations)
        self.means = means
        self.deviations = deviations
        self.correlations = correlations
        eigenvalues = values
        eigenvectors = vectors
    }
}

/// Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's method (Golub and Van Loan, Matrix Computations,
/// 4th ed., 8.5): rotations in the planes of two axes until nothing is left beside the diagonal.
enum SymmetricEigen {
    /// Each sweep squares what is left beside the diagonal; ten are more than doubles can tell for any small matrix.
    private static let mostSweeps = 60

    /// The eigenvalues, the greatest first, and their unit eigenvectors, the component of greatest size positive.
    ///
    /// - Complexity: O(n³) per sweep
    static func decompose(_ matrix: [[Double]]) -> (values: [Double], vectors: [[Double]]) {
        let size = matrix.count
        var a = matrix
        var v = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0.0 } }
        for _ in 0..<mostSweeps {
            var rest = 0.0
            for row in 0..<size { for column in 0..<size where column > row { rest += abs(a[row][column]) } }
            if rest == 0 { break }
            for p in 0..<size {
                for q in 0..<size where q > p && a[p][q] != 0 {
                    let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                    let t = (theta < 0 ? -1.0 : 1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
                    let c = 1 / (t * t + 1).squareRoot()
                    let s = t * c
                    for k in 0..<size {
                        let (kp, kq) = (a[k][p], a[k][q])
                        a[k][p] = c * kp - s * kq
                        a[k][q] = s * kp + c * kq
                    }
                    for k in 0..<size {
                        let (pk, qk) = (a[p][k], a[q][k])
                        a[p][k] = c * pk - s * qk
                        a[q][k] = s * pk + c * qk
                        let (vp, vq) = (v[k][p], v[k][q])
                        v[k][p] = c * vp - s * vq
                        v[k][q] = s * vp + c * vq
                    }
                    // The rotation makes it zero; what rounding leaves would keep the sweeps going.
                    (a[p][q], a[q][p]) = (0, 0)
                }
            }
        }
        let order = (0..<size).sorted { (-a[$0][$0], $0) < (-a[$1][$1], $1) }
        let vectors = order.map { column in
            let vector = (0..<size).map { v[$0][column] }
            let largest = vector.max { abs($0) < abs($1) } ?? 0
            return largest < 0 ? vector.map { 0 - $0 } : vector
        }
        return (order.map { a[$0][$0] }, vectors)
    }
}
