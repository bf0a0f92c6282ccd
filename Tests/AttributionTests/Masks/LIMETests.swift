@testable import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct LIMETests {
  private static func game() throws -> CoalitionGame {
    let picture = SmallNetwork.picture()
    return CoalitionGame(
      Explained(
        .logit(2), in: SmallNetwork.convolutional(), inputShape: picture.shape, feed: .raw,
        threads: 1), picture: picture, baseline: Tensor(picture.shape),
      partition: try Parts.grid(rows: 2, columns: 4).partition(of: picture))
  }

  @Test("a linear function is fitted exactly where the ridge is small")
  func linear() throws {
    let weights: [Float] = [1, -2, 3, 0.5]
    let picture = Tensor([1, 1, 2, 2], [2, 1, 1, -4])
    let explained = Explained(
      .channel("z", 0), in: SumNetwork.linear(weights, height: 2, width: 2),
      inputShape: picture.shape, feed: .raw, threads: 1)
    let game = CoalitionGame(
      explained, picture: picture, baseline: Tensor(picture.shape),
      partition: Partition(rows: 2, columns: 2, height: 2, width: 2))
    let scores = try LIME(samples: 16, ridge: 1e-9).scores(game) { _ in }
    for (score, expected) in zip(scores.values + [scores.intercept], [2, -2, 3, -2, 0.0]) {
      #expect(abs(score - expected) < 1e-4)
    }
  }

  @Test("what is drawn is off by what it says, around the fit of all coalitions")
  func sampling() throws {
    let game = try Self.game()
    // Scaled so that the ridge costs as much beside 200 draws as beside all 256.
    let exact = try LIME(ridge: 1).scores(game) { _ in }.values
    var (squares, draws) = (0.0, 0.0)
    for seed in 0..<10 {
      let scores = try LIME(samples: 200, ridge: 200 / 256, seed: UInt64(seed)).scores(game) { _ in
      }
      for part in 0..<8 {
        let distance = (scores.values[part] - exact[part]) / scores.standardErrors[part]
        squares += distance * distance
        draws += 1
      }
    }
    #expect((0.4...2.2).contains(squares / draws), "\(squares / draws)")
  }

  @Test("least squares: coefficients and their spread by the definition")
  func leastSquares() throws {
    var random = SplitMix64(seed: 5)
    func normal() -> Double { Double(Tensor.normal([1], using: &random).scalar) }
    // y = 2 x₀ − 3 x₁ with noise of deviation 0.5: the covariance is 0.25 (XᵀX)⁻¹.
    var equations = LeastSquares(2)
    var rows: [(x: [Double], y: Double)] = []
    for _ in 0..<4000 {
      let x = [normal(), normal()]
      rows.append((x, 2 * x[0] - 3 * x[1] + 0.5 * normal()))
    }
    for (x, y) in rows { equations.add(x, y) }
    let solution = try #require(equations.solution())
    #expect(abs(solution.coefficients[0] - 2) < 0.04 && abs(solution.coefficients[1] + 3) < 0.04)
    var covariance = LeastSquares.Covariance(of: solution)
    for (x, y) in rows { covariance.add(x, y) }
    let expected = 0.5 / Double(4000).squareRoot()
    #expect(abs(covariance.standardError(of: [1, 0]) / expected - 1) < 0.1)
    #expect(
      abs(covariance.standardError(of: [1, 1]) / (expected * 2.0.squareRoot()) - 1) < 0.1)
    let isSolved = LeastSquares(2).solution() != nil
    #expect(!isSolved)
  }
}
