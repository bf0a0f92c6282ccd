import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct ShapleyTests {
  private static let picture = SmallNetwork.picture()
  private static let parts = Parts.grid(rows: 2, columns: 4)

  private static func game(parts: Parts = parts) throws -> CoalitionGame {
    let explained = Explained(
      .logit(2), in: SmallNetwork.convolutional(), inputShape: picture.shape, feed: .raw,
      threads: 1)
    return CoalitionGame(
      explained, picture: picture, baseline: Tensor(picture.shape, repeating: 0.1),
      partition: try parts.partition(of: picture))
  }

  @Test("the square of a sum is shared by its definition")
  func square() throws {
    // With (Σ a)² part i has a_i² and of every 2 a_i a_j half.
    let network = SumNetwork.square([1, 2, 3, -1, 0.5, 2], height: 2, width: 3)
    let picture = Tensor([1, 1, 2, 3], [1, 1, 2, 1, 4, -1])
    let method = ShapleyValues(parts: .grid(rows: 2, columns: 3), baseline: 0.0)
    let map = try method.attribute(picture, to: .channel("z", 0), in: network, feed: .raw)
    let terms: [Float] = [1, 2, 6, -1, 2, -2]
    let expected = terms.map { $0 * terms.reduce(0, +) }
    #expect(zip(map.scalars, expected).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test("numbers of parts add up to the rise from the baseline")
  func efficiency() throws {
    let game = try Self.game()
    let (nothing, everything) = try game.ends()
    let methods: [any PartMethod] = [
      ShapleyValues(), ShapleySampling(orders: 5), KernelSHAP(), KernelSHAP(samples: 60),
    ]
    for method in methods {
      let sum = try method.scores(game) { _ in }.values.reduce(0, +)
      #expect(abs(sum - (everything - nothing)) < 1e-4 * abs(everything - nothing))
    }
  }

  @Test("of a map each part counts once, however many pixels it has")
  func sumOfParts() throws {
    let weights = (0..<15).map { Float($0) - 4 }
    let network = SumNetwork.linear(weights, height: 3, width: 5)
    let picture = Tensor([1, 1, 3, 5], repeating: 2)
    let explained = Explained(
      .channel("z", 0), in: network, inputShape: picture.shape, feed: .raw, threads: 1)
    // Cells of 1 and 2 rows, 2 and 3 columns.
    let parts = Parts.grid(rows: 2, columns: 2)
    let methods: [any CompletePartMethod] = [
      ShapleyValues(parts: parts), ShapleySampling(parts: parts, orders: 5),
      KernelSHAP(parts: parts),
    ]
    for method in methods {
      let map = try explained.map(of: picture, by: method)
      // 2 Σ w, from a baseline of 0.
      #expect(try method.total(at: picture, of: explained) == [90])
      #expect(abs(try method.sum(of: map, at: picture, in: explained) - 90) < 1e-3)
      #expect(abs(map.total - 90) > 10)
    }
  }

  @Test("all coalitions give KernelSHAP the Shapley values")
  func enumeration() throws {
    let game = try Self.game()
    let exact = try ShapleyValues().scores(game) { _ in }
    let fitted = try KernelSHAP().scores(game) { _ in }
    let largest = exact.values.map(abs).max() ?? 0
    for (a, b) in zip(exact.values, fitted.values) { #expect(abs(a - b) < 1e-5 * largest) }
    #expect(exact.standardErrors + fitted.standardErrors == [Double](repeating: 0, count: 16))
  }

  @Test("what is drawn is off by what it says, around the Shapley values")
  func sampling() throws {
    let game = try Self.game()
    let exact = try ShapleyValues().scores(game) { _ in }.values
    let methods: [(UInt64) -> any PartMethod] = [
      { ShapleySampling(orders: 12, seed: $0) }, { KernelSHAP(samples: 80, seed: $0) },
    ]
    for method in methods {
      var (squares, draws) = (0.0, 0.0)
      var means = [Double](repeating: 0, count: 8)
      var errors = means
      for seed in 0..<12 {
        let scores = try method(UInt64(seed)).scores(game) { _ in }
        for part in 0..<8 {
          let distance = scores.values[part] - exact[part]
          let error = scores.standardErrors[part]
          #expect(error > 0)
          squares += distance * distance / (error * error)
          draws += 1
          means[part] += distance / 12
          errors[part] += error * error / 144
        }
      }
      // The mean square of distances in standard errors, near 1, somewhat more of small samples.
      #expect((0.4...2.2).contains(squares / draws), "\(squares / draws)")
      for part in 0..<8 { #expect(abs(means[part]) < 4.5 * errors[part].squareRoot()) }
    }
  }

  @Test("the same seed gives the same numbers, another one others")
  func seeds() throws {
    let game = try Self.game()
    func values(_ seed: UInt64) throws -> [Double] {
      try KernelSHAP(samples: 60, seed: seed).scores(game) { _ in }.values
    }
    #expect(try values(3) == values(3))
    #expect(try values(3) != values(4))
  }

  @Test("too many parts and too few samples are refused")
  func refused() throws {
    let many = try Self.game(parts: .grid(rows: 5, columns: 5))
    #expect(throws: AttributionError.tooManyParts(25, most: 16)) {
      try ShapleyValues().scores(many) { _ in }
    }
    #expect(throws: AttributionError.tooFewSamples(10, parts: 25)) {
      try KernelSHAP(samples: 10).scores(many) { _ in }
    }
    #expect(throws: AttributionError.samplesBelow(1, least: 2)) {
      try ShapleySampling(orders: 1).scores(many) { _ in }
    }
    #expect(throws: AttributionError.samplesBelow(1, least: 2)) {
      try SobolIndices(designs: 1).scores(many) { _ in }
    }
  }

  @Test("several baselines are averaged")
  func baselines() throws {
    let network = SmallNetwork.convolutional()
    func map(_ baseline: Baseline) throws -> Tensor {
      try FeatureAblation(parts: Self.parts, baseline: baseline).attribute(
        Self.picture, to: .logit(1), in: network, feed: .raw)
    }
    let both = try map(.several([.constant(0), .constant(1)]))
    #expect(relativeError(both, (try map(.constant(0)) + map(.constant(1))) / 2) < 1e-5)
  }
}
