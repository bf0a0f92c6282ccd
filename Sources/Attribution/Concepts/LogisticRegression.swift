#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A straight boundary between two sets of rows: what makes `C Σ log(1 + exp(−y (w·a + b))) + |w|² / 2` least, with
/// `y` 1 for one set and −1 for the other.
///
/// The weights are sums of the rows, so that Newton's method runs in the space that these span, whatever the
/// number of columns.
public struct LogisticRegression: Sendable {
  /// One a column.
  public let weights: [Double]
  /// What is added.
  public let intercept: Double

  /// Finds the boundary.
  ///
  /// - Parameters:
  ///   - rows: All rows.
  ///   - isFirst: Whether each belongs to the first set, which is on the positive side; both have some.
  ///   - strength: `C`: how much a row counts beside the weights' length.
  public init(_ rows: PositionTable, isFirst: [Bool], strength: Double) {
    precondition(
      rows.rows == isFirst.count && Set(isFirst).count == 2,
      "LogisticRegression: \(rows.rows) rows of \(Set(isFirst).count) sets")
    let products = rows.times(rows.transposed)
    let eigen = SymmetricEigen(
      (0..<rows.rows).map { row in (0..<rows.rows).map { products[row, $0] } })
    // The rows' coordinates along orthogonal directions.
    let kept = eigen.values.indices.filter { eigen.values[$0] > 1e-13 * eigen.values[0] }
    let sizes = kept.map { eigen.values[$0].squareRoot() }
    let points = (0..<rows.rows).map { row in
      zip(kept, sizes).map { eigen.vectors[$0][row] * $1 } + [1]
    }
    let fit = Self.fit(points, isFirst.map { $0 ? 1 : 0 }, strength)
    var weights = [Double](repeating: 0, count: rows.columns)
    for (place, direction) in kept.enumerated() {
      for row in 0..<rows.rows {
        let factor = fit[place] * eigen.vectors[direction][row] / sizes[place]
        for column in 0..<rows.columns { weights[column] += factor * rows[row, column] }
      }
    }
    (self.weights, intercept) = (weights, fit[fit.count - 1])
  }

  /// The side that a row is on: positive for the first set.
  public func side(_ row: some Sequence<Double>) -> Double {
    zip(weights, row).reduce(intercept) { $0 + $1.0 * $1.1 }
  }

  /// Newton's method as repeated least squares, with half the step where the whole one leads up.
  private static func fit(_ points: [[Double]], _ wanted: [Double], _ strength: Double) -> [Double]
  {
    let count = points[0].count
    let penalty = (0..<count).map { $0 == count - 1 ? 0.0 : 1.0 }
    func loss(_ x: [Double]) -> Double {
      let length = zip(x, penalty).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
      return zip(points, wanted).reduce(length / 2) { sum, point in
        let z = (2 * point.1 - 1) * zip(point.0, x).reduce(0) { $0 + $1.0 * $1.1 }
        return sum + strength * (z > 0 ? log1p(exp(-z)) : log1p(exp(z)) - z)
      }
    }
    var (x, least) = ([Double](repeating: 0, count: count), 0.0)
    least = loss(x)
    for _ in 0..<100 {
      var equations = LeastSquares(count)
      for (point, wanted) in zip(points, wanted) {
        let z = zip(point, x).reduce(0) { $0 + $1.0 * $1.1 }
        let p = 1 / (1 + exp(-z))
        let slope = max(p * (1 - p), 1e-12)
        equations.add(point, z + (wanted - p) / slope, weight: strength * slope)
      }
      guard let aim = equations.solution(penalty: penalty)?.coefficients else { return x }
      var step = 1.0
      var next = aim
      while loss(next) > least, step > 1e-6 {
        step /= 2
        next = zip(x, aim).map { $0 + step * ($1 - $0) }
      }
      let moved = zip(x, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
      (x, least) = (next, min(least, loss(next)))
      if moved <= 1e-13 * (x.map(abs).max() ?? 0) { break }
    }
    return x
  }
}
