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

  @Test("components of many channels are those of the matrix of all positions' products")
  func manyChannels() {
    let table = table(30, 90)
    let found = PrincipalComponents(of: table, count: 3)
    var centred = table
    for row in 0..<30 { for column in 0..<90 { centred[row, column] -= found.mean[column] } }
    let products = centred.times(centred.transposed)
    let eigen = SymmetricEigen((0..<30).map { row in (0..<30).map { products[row, $0] } })
    for component in 0..<3 {
      #expect(abs(found.variances[component] * 29 / eigen.values[component] - 1) < 1e-10)
      // The scores are the other matrix's vectors, but for their length and sign.
      let scores = found.scores(of: table)
      let common = (0..<30).reduce(0) {
        $0 + scores[$1, component] * eigen.vectors[component][$1]
      }
      #expect(abs(abs(common) / eigen.values[component].squareRoot() - 1) < 1e-7)
    }
  }

  @Test(
    "what lies inside has its components' colours, sigmoid of twice the score over its deviation")
  func colors() throws {
    // Of 5×5 positions the nine in the middle are far from the others, and differ along three channels.
    let along: [[Double]] = [
      [-4, -3, -2, -1, 0, 1, 2, 3, 4], [28, 7, -8, -17, -20, -17, -8, 7, 28],
      [-14, 7, 13, 9, 0, -9, -13, -7, 14],
    ].map { row in
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / length }
    }
    let strengths = [3.0, 2, 1]
    var map = Tensor([1, 4, 5, 5])
    var numbers = map.scalars
    for inner in 0..<9 {
      let place = (1 + inner / 3) * 5 + 1 + inner % 3
      numbers[place] = 50
      for k in 0..<3 { numbers[25 * (k + 1) + place] = Float(strengths[k] * along[k][inner]) }
    }
    map = Tensor([1, 4, 5, 5], numbers)
    let colors = try ComponentColors(map)
    #expect(colors.foreground.count { $0 } == 9 && !colors.foreground[0] && colors.foreground[12])
    for inner in 0..<9 {
      let place = (1 + inner / 3) * 5 + 1 + inner % 3
      for k in 0..<3 {
        // Deviations are over the number of positions less 1.
        let expected = 1 / (1 + exp(-2 * along[k][inner] * 8.0.squareRoot()))
        #expect(abs(Double(colors.picture.scalars[25 * k + place]) - expected) < 1e-4)
      }
    }
    #expect(colors.picture.scalars[0] == 0)
    #expect(abs(colors.shares[0] - 9.0 / 14) < 1e-6)
    #expect(throws: ComponentColors.Failure.self) { try ComponentColors(Tensor([1, 8, 4, 4])) }
    #expect(throws: ComponentColors.Failure.self) { try ComponentColors(Tensor([1, 8, 1, 3])) }
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
