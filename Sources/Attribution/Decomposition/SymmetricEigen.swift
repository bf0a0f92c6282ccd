/// All eigenvalues and vectors of a small symmetric matrix, by Jacobi's rotations.
///
/// Source: Golub and Van Loan, "Matrix Computations", 4th edition, section 8.5.
package struct SymmetricEigen {
  /// The eigenvalues, the largest first.
  package let values: [Double]
  /// A vector of length 1 for each.
  package let vectors: [[Double]]

  /// Solves a matrix.
  ///
  /// - Parameter matrix: Rows of equal length; symmetric.
  package init(_ matrix: [[Double]]) {
    let n = matrix.count
    precondition(matrix.allSatisfy { $0.count == n }, "SymmetricEigen: not square")
    var a = matrix
    // Rows of `v` are the vectors.
    var v = (0..<n).map { row in (0..<n).map { $0 == row ? 1.0 : 0 } }
    let size = matrix.reduce(0) { $1.reduce($0) { $0 + $1 * $1 } }
    for _ in 0..<60 {
      let off = (0..<n).reduce(0.0) { sum, p in
        (p + 1..<max(n, p + 1)).reduce(sum) { $0 + a[p][$1] * a[p][$1] }
      }
      if off <= 1e-32 * size { break }
      for p in 0..<n {
        for q in p + 1..<max(n, p + 1) where a[p][q] != 0 { Self.rotate(&a, &v, p, q) }
      }
    }
    let order = (0..<n).sorted { a[$0][$0] > a[$1][$1] }
    values = order.map { a[$0][$0] }
    vectors = order.map { v[$0] }
  }

  /// Solves a tridiagonal matrix.
  ///
  /// - Parameters:
  ///   - diagonal: Its diagonal, at least one number.
  ///   - besides: What stands beside it, one number fewer.
  init(tridiagonal diagonal: [Double], _ besides: [Double]) {
    var matrix = diagonal.map { _ in [Double](repeating: 0, count: diagonal.count) }
    for i in diagonal.indices { matrix[i][i] = diagonal[i] }
    for i in besides.indices where i + 1 < diagonal.count {
      (matrix[i][i + 1], matrix[i + 1][i]) = (besides[i], besides[i])
    }
    self.init(matrix)
  }

  /// The largest eigenvalue and its vector.
  var leading: (value: Double, vector: [Double]) { (values[0], vectors[0]) }

  /// Turns rows and columns `p` and `q` so that their common element becomes 0.
  private static func rotate(
    _ a: inout [[Double]], _ v: inout [[Double]], _ p: Int, _ q: Int
  ) {
    let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
    let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in a.indices {
      let (x, y) = (a[k][p], a[k][q])
      (a[k][p], a[k][q]) = (c * x - s * y, s * x + c * y)
    }
    for k in a.indices {
      let (x, y) = (a[p][k], a[q][k])
      (a[p][k], a[q][k]) = (c * x - s * y, s * x + c * y)
      (v[p][k], v[q][k]) = (c * v[p][k] - s * v[q][k], s * v[p][k] + c * v[q][k])
    }
  }
}
