import Attribution
import Foundation
import Tensors
import Testing

@Suite struct ConceptTests {
  /// Numbers from 0 to 1.
  private func table(_ rows: Int, _ columns: Int, seed: UInt64 = 1) -> PositionTable {
    var random = SplitMix64(seed: seed)
    return PositionTable(
      rows: rows, columns: columns,
      numbers: (0..<rows * columns).map { _ in Double.random(in: 0...1, using: &random) })
  }

  @Test("rows go by picture, then y, then x; columns are channels")
  func positions() {
    let table = PositionTable(Tensor([2, 2, 1, 3], (0..<12).map { Float($0) }))
    #expect(table.rows == 6 && table.columns == 2)
    #expect(table.numbers == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11])
    #expect(table.transposed[1, 3] == 9)
  }

  @Test(
    "a logistic regression's loss is least: its slope is 0 along every weight",
    arguments: [(9, 30, 0.3), (40, 3, 2.0)])
  func regression(rows: Int, columns: Int, strength: Double) {
    let rows = table(rows, columns)
    let isFirst = (0..<rows.rows).map { $0.isMultiple(of: 3) }
    let fit = LogisticRegression(rows, isFirst: isFirst, strength: strength)
    var slopes = fit.weights + [0]
    for row in 0..<rows.rows {
      let own = (0..<columns).map { rows[row, $0] }
      let wrong = 1 / (1 + exp(-fit.side(own))) - (isFirst[row] ? 1 : 0)
      for column in 0..<columns { slopes[column] += strength * wrong * own[column] }
      slopes[columns] += strength * wrong
    }
    #expect(slopes.allSatisfy { abs($0) < 1e-10 })
    #expect(fit.weights.contains { abs($0) > 1e-3 })
  }

  @Test("factors give back a table that is a product of two, and never go below 0")
  func factors() {
    let table = table(30, 3).times(table(3, 8, seed: 2))
    let found = NonnegativeFactors(of: table, count: 3, iterations: 3000)
    #expect(found.error < 1e-2 * table.numbers.reduce(0) { $0 + $1 * $1 }.squareRoot())
    #expect((found.amounts.numbers + found.parts.numbers).allSatisfy { $0 >= 0 })
    let worse = NonnegativeFactors(of: table, count: 3, iterations: 3)
    #expect(worse.error > found.error)
  }

  @Test("principal components are orthogonal, and their scores vary as they say")
  func components() {
    let rows = table(50, 6)
    let found = PrincipalComponents(of: rows, count: 6)
    let products = found.components.times(found.components.transposed)
    for a in 0..<6 {
      for b in 0..<6 { #expect(abs(products[a, b] - (a == b ? 1 : 0)) < 1e-12) }
    }
    let scores = found.scores(of: rows)
    for component in 0..<6 {
      let variance = (0..<50).reduce(0) { $0 + scores[$1, component] * scores[$1, component] } / 49
      #expect(abs(variance - found.variances[component]) < 1e-12)
    }
    #expect(found.variances == found.variances.sorted(by: >))
  }
}
