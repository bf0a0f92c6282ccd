import Tensors

/// The largest eigenvalue of a symmetric matrix and its vector, by Lanczos' method.
///
/// Products with the matrix from a random start, always the same, span a space in which the matrix is
/// tridiagonal; its largest pair there is the answer once the residual is below 1e-13 of the eigenvalue. Every
/// direction is made orthogonal to all before it, twice.
///
/// Source: Golub and Van Loan, "Matrix Computations", 4th edition, section 10.1.
///
/// - Parameters:
///   - order: Rows of the matrix, at least 1.
///   - apply: The product of the matrix and a vector.
/// - Returns: The eigenvalue and a vector of length 1, up to its sign.
package func leadingEigenpair(
  order: Int, _ apply: ([Double]) -> [Double]
) -> (value: Double, vector: [Double]) {
  var random = SplitMix64(seed: 1)
  let start = (0..<order).map { _ in Double.random(in: -1...1, using: &random) }
  var next = start.scaled(by: 1 / start.length)
  var basis: [[Double]] = []
  var (diagonal, besides): ([Double], [Double]) = ([], [])
  while true {
    basis.append(next)
    let product = apply(next)
    diagonal.append(zip(product, next).reduce(0) { $0 + $1.0 * $1.1 })
    let rest = orthogonal(product, to: basis)
    let length = rest.length
    let isLast = basis.count == min(order, 300) || length <= 1e-14 * product.length
    if isLast || basis.count.isMultiple(of: 10) {
      let (value, weights) = SymmetricEigen(tridiagonal: diagonal, besides).leading
      if isLast || length * abs(weights[weights.count - 1]) <= 1e-13 * abs(value) {
        return (value, combined(basis, weights))
      }
    }
    besides.append(length)
    next = rest.scaled(by: 1 / length)
  }
}

/// What is left of a vector beside a basis of unit vectors.
private func orthogonal(_ vector: [Double], to basis: [[Double]]) -> [Double] {
  var rest = vector
  // Once more for what rounding left (Kahan's "twice is enough").
  for _ in 0..<2 {
    for unit in basis {
      var share = 0.0
      for i in rest.indices { share += rest[i] * unit[i] }
      for i in rest.indices { rest[i] -= share * unit[i] }
    }
  }
  return rest
}

/// A sum of the basis with weights, brought to length 1.
private func combined(_ basis: [[Double]], _ weights: [Double]) -> [Double] {
  var sum = [Double](repeating: 0, count: basis[0].count)
  for (unit, weight) in zip(basis, weights) {
    for i in sum.indices { sum[i] += weight * unit[i] }
  }
  return sum.scaled(by: 1 / sum.length)
}

extension [Double] {
  /// The Euclidean length.
  fileprivate var length: Double { reduce(0) { $0 + $1 * $1 }.squareRoot() }

  fileprivate func scaled(by factor: Double) -> [Double] { map { $0 * factor } }
}
