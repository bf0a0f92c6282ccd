import Attribution
import Tensors
import Testing

@Suite struct EigenpairTests {
  /// A symmetric matrix with random elements.
  static func matrix(_ n: Int, seed: UInt64) -> [[Double]] {
    var random = SplitMix64(seed: seed)
    var matrix = (0..<n).map { _ in (0..<n).map { _ in Double.random(in: -1...1, using: &random) } }
    for i in 0..<n { for j in 0..<i { matrix[i][j] = matrix[j][i] } }
    return matrix
  }

  static func product(_ matrix: [[Double]], _ x: [Double]) -> [Double] {
    matrix.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  @Test(
    "Jacobi: A v = λ v for every pair, and the vectors are orthogonal", arguments: [1, 2, 7, 30])
  func jacobi(n: Int) {
    let matrix = Self.matrix(n, seed: UInt64(n))
    let eigen = SymmetricEigen(matrix)
    #expect(eigen.values.count == n)
    #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 >= $1 })
    for (value, vector) in zip(eigen.values, eigen.vectors) {
      for (left, x) in zip(Self.product(matrix, vector), vector) {
        #expect(abs(left - value * x) < 1e-12 * Double(n))
      }
    }
    for i in 0..<n {
      for j in 0...i {
        let dot = zip(eigen.vectors[i], eigen.vectors[j]).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(dot - (i == j ? 1 : 0)) < 1e-12)
      }
    }
    let trace = (0..<n).map { matrix[$0][$0] }.reduce(0, +)
    #expect(abs(eigen.values.reduce(0, +) - trace) < 1e-11)
  }

  @Test("Lanczos finds Jacobi's largest pair", arguments: [1, 3, 10, 11, 90])
  func lanczos(n: Int) {
    let matrix = Self.matrix(n, seed: UInt64(40 + n))
    let eigen = SymmetricEigen(matrix)
    let pair = leadingEigenpair(order: n) { Self.product(matrix, $0) }
    #expect(abs(pair.value - eigen.values[0]) < 1e-11 * max(1, abs(eigen.values[0])))
    let dot = zip(pair.vector, eigen.vectors[0]).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(abs(dot) - 1) < 1e-9)
  }

  @Test("matrices of low rank, and nothing at all")
  func degenerate() {
    let u = (0..<20).map { Double($0 % 5) - 1 }
    let square = u.reduce(0) { $0 + $1 * $1 }
    let pair = leadingEigenpair(order: 20) { x in
      let share = zip(u, x).reduce(0) { $0 + $1.0 * $1.1 }
      return u.map { share * $0 }
    }
    #expect(abs(pair.value - square) < 1e-10 * square)
    let nothing = leadingEigenpair(order: 6) { $0.map { _ in 0 } }
    #expect(nothing.value == 0 && nothing.vector.allSatisfy(\.isFinite))
  }
}
