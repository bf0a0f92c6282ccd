import Tensors

extension PositionTable {
  /// The eigenvectors of the greatest eigenvalues of `tableᵀ table`, by iteration of a subspace.
  ///
  /// Source: Golub and Van Loan, "Matrix Computations", 4th edition, section 8.2.4.
  ///
  /// - Parameter count: How many, at most one a column.
  /// - Returns: The greatest first, each vector of length 1.
  /// - Complexity: O(rows · columns) a step, of which there are 1,000 at most.
  func leadingDirections(_ count: Int) -> [(value: Double, vector: [Double])] {
    // The more there are, the sooner the first stand still.
    let width = min(columns, max(16, 2 * count))
    var random = SplitMix64(seed: 0)
    var basis = PositionTable(
      rows: width, columns: columns,
      numbers: (0..<width * columns).map { _ in Double.random(in: -1...1, using: &random) }
    ).orthonormal
    var values = [Double](repeating: 0, count: width)
    let flipped = transposed
    for _ in 0..<1000 {
      let next = basis.times(flipped).times(self)
      let inner = next.times(basis.transposed)
      let eigen = SymmetricEigen(
        (0..<width).map { row in
          (0..<width).map { (inner[row, $0] + inner[$0, row]) / 2 }
        })
      let turned = PositionTable(
        rows: width, columns: width, numbers: eigen.vectors.flatMap(\.self))
      let isStill = zip(eigen.values, values).prefix(count).allSatisfy {
        abs($0 - $1) <= 1e-14 * abs(eigen.values[0])
      }
      values = eigen.values
      if isStill {
        basis = turned.times(basis)
        break
      }
      basis = turned.times(next).orthonormal
    }
    return (0..<count).map { row in
      (values[row], Array(basis.numbers[row * columns..<(row + 1) * columns]))
    }
  }

  /// Rows of length 1, each without what those before it have; what is nothing but that stays 0.
  private var orthonormal: PositionTable {
    var result = self
    for row in 0..<rows {
      // Twice, for what rounding leaves.
      for _ in 0..<2 {
        for other in 0..<row {
          let common = (0..<columns).reduce(0) { $0 + result[row, $1] * result[other, $1] }
          for column in 0..<columns { result[row, column] -= common * result[other, column] }
        }
        let length = (0..<columns).reduce(0) { $0 + result[row, $1] * result[row, $1] }.squareRoot()
        let factor = length > 1e-150 ? 1 / length : 0
        for column in 0..<columns { result[row, column] *= factor }
      }
    }
    return result
  }
}
