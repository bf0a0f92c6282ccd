/// Weighted least squares, `min Σ w (y − x·β)² + Σ p β²`, by their normal equations, and how far chance moves
/// the solution.
///
/// Rows are added one by one and not kept.
struct LeastSquares {
  /// The number of coefficients.
  let count: Int
  private var products: [Double]
  private var right: [Double]

  /// Creates equations of no rows.
  init(_ count: Int) {
    self.count = count
    products = [Double](repeating: 0, count: count * count)
    right = [Double](repeating: 0, count: count)
  }

  /// Adds a row.
  mutating func add(_ x: [Double], _ y: Double, weight: Double = 1) {
    for i in 0..<count where x[i] != 0 {
      let scaled = weight * x[i]
      right[i] += scaled * y
      for j in 0..<count { products[i * count + j] += scaled * x[j] }
    }
  }

  /// The coefficients, and the inverse of the equations' matrix.
  struct Solution {
    let coefficients: [Double]
    fileprivate let inverse: [Double]
  }

  /// Solves.
  ///
  /// - Parameter penalty: `p`, one a coefficient; `nil` for none.
  /// - Returns: The solution; `nil` where the rows do not tell the coefficients.
  func solution(penalty: [Double]? = nil) -> Solution? {
    var matrix = products
    for i in 0..<count { matrix[i * count + i] += penalty?[i] ?? 0 }
    guard let inverse = Self.inverse(matrix, count) else { return nil }
    let coefficients = (0..<count).map { i in
      (0..<count).reduce(0) { $0 + inverse[i * count + $1] * right[$1] }
    }
    return Solution(coefficients: coefficients, inverse: inverse)
  }

  /// Gauss–Jordan with the largest pivot; `nil` where that is 0 but for rounding.
  private static func inverse(_ matrix: [Double], _ count: Int) -> [Double]? {
    var a = matrix
    var result = [Double](repeating: 0, count: count * count)
    for i in 0..<count { result[i * count + i] = 1 }
    let size = matrix.reduce(0) { max($0, abs($1)) }
    for column in 0..<count {
      let pivot = (column..<count).max {
        abs(a[$0 * count + column]) < abs(a[$1 * count + column])
      }
      guard let pivot, abs(a[pivot * count + column]) > 1e-13 * size else { return nil }
      for j in 0..<count where pivot != column {
        a.swapAt(pivot * count + j, column * count + j)
        result.swapAt(pivot * count + j, column * count + j)
      }
      let factor = 1 / a[column * count + column]
      for j in 0..<count {
        a[column * count + j] *= factor
        result[column * count + j] *= factor
      }
      for row in 0..<count where row != column {
        let factor = a[row * count + column]
        if factor == 0 { continue }
        for j in 0..<count {
          a[row * count + j] -= factor * a[column * count + j]
          result[row * count + j] -= factor * result[column * count + j]
        }
      }
    }
    return result
  }
}

extension LeastSquares {
  /// The covariance of coefficients that were fitted to rows drawn at random, in groups that are independent
  /// of each other, whatever the spread of the residuals: the sandwich estimate.
  ///
  /// Sources: White, "A Heteroskedasticity-Consistent Covariance Matrix Estimator", Econometrica 1980; what the fit
  /// takes up is made good by `groups / (groups − coefficients)`, MacKinnon and White, Journal of Econometrics 1985.
  struct Covariance {
    private let solution: Solution
    private let count: Int
    private var scores: [Double]
    private var group: [Double]
    private var groups = 0

    /// Creates the estimate of no rows.
    init(of solution: Solution) {
      self.solution = solution
      count = solution.coefficients.count
      scores = [Double](repeating: 0, count: count * count)
      group = [Double](repeating: 0, count: count)
    }

    /// Adds a row of the fit.
    mutating func add(_ x: [Double], _ y: Double, weight: Double = 1, endsGroup: Bool = true) {
      let fitted = zip(x, solution.coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      for i in 0..<count { group[i] += weight * (y - fitted) * x[i] }
      guard endsGroup else { return }
      groups += 1
      for i in 0..<count where group[i] != 0 {
        for j in 0..<count { scores[i * count + j] += group[i] * group[j] }
      }
      group = [Double](repeating: 0, count: count)
    }

    /// The standard error of a weighted sum of coefficients.
    func standardError(of weights: [Double]) -> Double {
      // wᵀ A⁻¹ S A⁻¹ w, with A⁻¹ symmetric.
      let side = (0..<count).map { i in
        (0..<count).reduce(0) { $0 + solution.inverse[i * count + $1] * weights[$1] }
      }
      let variance = (0..<count).reduce(0.0) { sum, i in
        sum + side[i] * (0..<count).reduce(0) { $0 + scores[i * count + $1] * side[$1] }
      }
      let taken = Double(groups) / Double(max(1, groups - count))
      return (max(variance, 0) * taken).squareRoot()
    }
  }
}
