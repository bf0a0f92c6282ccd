import Tensors

/// A matrix without negative numbers as a product of two such, smaller ones: rows as sums of few parts.
///
/// `X ≈ W H` by hierarchical alternating least squares: each part, and how much of it is in each row, in turn as is
/// best given the others, which never lets `‖X − W H‖²` grow. Source: Cichocki and Phan, “Fast local algorithms for
/// large scale nonnegative matrix and tensor factorizations”, 2009.
package struct NonNegativeFactors: Sendable {
  /// How much of each part is in each row: rows × parts.
  package let weights: [[Float]]
  /// The parts: parts × columns.
  package let parts: [[Float]]

  /// Factors a matrix.
  ///
  /// - Parameters:
  ///   - rows: The matrix, row by row; what is below 0 counts as 0.
  ///   - count: How many parts.
  ///   - iterations: How often both factors are updated.
  ///   - seed: What the first factors follow from.
  package init(_ rows: [[Float]], count: Int, iterations: Int = 200, seed: UInt64 = 0) {
    precondition(
      !rows.isEmpty && count > 0, "NonNegativeFactors: \(rows.count) rows, \(count) parts")
    let x = Tensor([rows.count, rows[0].count], rows.joined().map { max($0, 0) })
    let turned = x.transposedMatrices()
    var random = SplitMix64(seed: seed)
    // So large that the product is about as large as the matrix.
    let scale = 2 * (max(x.mean, 1e-12) / Float(count)).squareRoot()
    // Both with the parts one below the other.
    var w = (Tensor.uniform([count, rows.count], using: &random) * scale).rows
    var h = (Tensor.uniform([count, rows[0].count], using: &random) * scale).rows
    for _ in 0..<iterations {
      Self.improve(&h, given: w, of: x)
      Self.improve(&w, given: h, of: turned)
    }
    weights = rows.indices.map { row in w.map { $0[row] } }
    parts = h
  }

  /// Brings each row of one factor to its best, given the other factor and the rows before it.
  private static func improve(_ factor: inout [[Float]], given other: [[Float]], of x: Tensor) {
    let known = Tensor(rows: other)
    let products = Tensor.matmul(known, x).rows
    let squares = Tensor.matmul(known, known.transposedMatrices()).rows
    for part in factor.indices where squares[part][part] > 0 {
      for column in factor[part].indices {
        var rest = products[part][column]
        for i in factor.indices { rest -= squares[part][i] * factor[i][column] }
        factor[part][column] = max(factor[part][column] + rest / squares[part][part], 0)
      }
    }
  }
}

extension Tensor {
  fileprivate init(rows: [[Float]]) {
    self.init([rows.count, rows[0].count], rows.flatMap { $0 })
  }

  fileprivate var rows: [[Float]] {
    let (all, width) = (scalars, shape[1])
    return (0..<shape[0]).map { Array(all[$0 * width..<($0 + 1) * width]) }
  }
}
