import Tensors

/// A matrix without negative numbers as a product of two such, smaller ones: rows as sums of few parts.
///
/// `X ≈ W H`. The parts begin as the rows that are farthest from what the rows before them span (successive
/// projection); then each part, and how much of it is in each row, are in turn as is best given the others, which
/// never lets `‖X − W H‖²` grow (hierarchical alternating least squares). Sources: Araújo et al., 2001; Cichocki and
/// Phan, “Fast local algorithms for large scale nonnegative matrix and tensor factorizations”, 2009.
package struct NonNegativeFactors: Sendable {
  /// How much of each part is in each row: rows × parts.
  package let weights: [[Float]]
  /// The parts: parts × columns; fewer than were asked for where the rows span no more.
  package let parts: [[Float]]

  /// Factors a matrix.
  ///
  /// - Parameters:
  ///   - rows: The matrix, row by row; what is below 0 counts as 0.
  ///   - count: How many parts.
  ///   - iterations: How often both factors are improved.
  package init(_ rows: [[Float]], count: Int, iterations: Int = 100) {
    precondition(
      !rows.isEmpty && count > 0, "NonNegativeFactors: \(rows.count) rows, \(count) parts")
    let rows = rows.map { $0.map { max($0, 0) } }
    var h = Self.farthest(count, of: rows)
    guard !h.isEmpty else {
      (weights, parts) = (rows.map { _ in [] }, [])
      return
    }
    let x = Tensor(rows: rows)
    let turned = x.transposedMatrices()
    // With the parts one below the other, as in the other factor.
    var w = h.map { _ in [Float](repeating: 0, count: rows.count) }
    Self.improve(&w, given: h, of: turned)
    for _ in 0..<iterations {
      Self.improve(&h, given: w, of: x)
      Self.improve(&w, given: h, of: turned)
    }
    weights = rows.indices.map { row in w.map { $0[row] } }
    parts = h
  }

  /// Rows of which each is the farthest from what those before it span.
  private static func farthest(_ count: Int, of rows: [[Float]]) -> [[Float]] {
    func square(_ row: [Double]) -> Double { row.reduce(0) { $0 + $1 * $1 } }
    var rests = rows.map { $0.map(Double.init) }
    let least = 1e-10 * (rests.map(square).max() ?? 0)
    var chosen: [[Float]] = []
    while chosen.count < count {
      let sizes = rests.map(square)
      guard let place = sizes.indices.max(by: { sizes[$0] < sizes[$1] }), sizes[place] > least
      else { break }
      chosen.append(rows[place])
      let direction = rests[place].map { $0 / sizes[place].squareRoot() }
      for row in rests.indices {
        let share = zip(rests[row], direction).reduce(0) { $0 + $1.0 * $1.1 }
        for column in direction.indices { rests[row][column] -= share * direction[column] }
      }
    }
    return chosen
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
