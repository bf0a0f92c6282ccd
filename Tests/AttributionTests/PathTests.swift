import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct PathTests {
  let network = SmallNetwork.convolutional()
  let picture = SmallNetwork.picture()

  @Test(
    "Expected Gradients: the mean of all lines' integrated gradients, within its standard error")
  func expectation() throws {
    let baselines = Baseline.several([.black, .input(SmallNetwork.picture(seed: 3))])
    let explained = Explained(.logit(2), in: network, inputShape: picture.shape)
    let exact = try explained.map(
      of: picture, by: IntegratedGradients(steps: 400, baseline: baselines))
    let method = ExpectedGradients(baselines: baselines, samples: 2000, seed: 1)
    let estimate = try method.estimate(picture, of: explained) { _ in }
    #expect(try explained.map(of: picture, by: method) == estimate.mean)
    let distances = (estimate.mean - exact).absolute() / estimate.standardError
    // Of 429 elements none is 5 standard errors off, and they are as far off as errors are.
    #expect(distances.maximum < 5)
    let square = (distances * distances).mean
    #expect(square > 0.5 && square < 2)
    // The error falls with the root of the number of samples.
    let fewer = try ExpectedGradients(baselines: baselines, samples: 500, seed: 1)
      .estimate(picture, of: explained) { _ in }
    let ratio = fewer.standardError.norm / estimate.standardError.norm
    #expect(ratio > 1.7 && ratio < 2.3)
  }

  @Test("Expected Gradients of what is linear need no luck")
  func linear() throws {
    let start = SmallNetwork.picture(seed: 3)
    let method = ExpectedGradients(baselines: .input(start), samples: 3)
    let explained = Explained(.channel("a", 2), in: network, inputShape: picture.shape)
    let map = try explained.map(of: picture, by: method)
    let expected = (picture - start) * (try explained.gradient(at: picture))
    #expect(relativeError(map, expected) < 1e-5)
    #expect(abs(map.total - (try method.total(at: picture, of: explained)[0])) < 1e-4)
  }

  @Test("SmoothGrad's standard error is that of a mean")
  func smoothing() throws {
    let explained = Explained(.logit(0), in: network, inputShape: picture.shape)
    let few = try SmoothGrad(samples: 5, seed: 3).estimate(picture, of: explained) { _ in }
    let deviation = 0.15 * (picture.maximum - picture.minimum)
    var random = SplitMix64(seed: 3)
    let maps = try (0..<5).map { _ in
      try explained.gradient(at: picture + Tensor.normal(picture.shape, using: &random) * deviation)
    }
    let mean = maps.reduce(Tensor(picture.shape), +) / 5
    let squares = maps.reduce(Tensor(picture.shape)) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(relativeError(few.standardError, (squares / 20).squareRoot()) < 1e-4)
  }

  @Test("guided and blurred ways add up to the rise", arguments: [0, 1])
  func completeness(kind: Int) throws {
    let explained = Explained(.logit(2), in: network, inputShape: picture.shape)
    let methods: [any CompleteMethod] = [
      GuidedIntegratedGradients(steps: 1000, baseline: .input(SmallNetwork.picture(seed: 3))),
      BlurIntegratedGradients(deviation: 6, steps: 600),
    ]
    let map = try explained.map(of: picture, by: methods[kind])
    let total = try methods[kind].total(at: picture, of: explained)[0]
    // Some 1e-2 of a rise that is the difference of what speaks for it and against.
    #expect(abs(map.total - total) < 0.01 * map.absolute().total, "\(map.total) \(total)")
  }

  @Test("XRAI: regions of equal value, the greatest first, none lost")
  func regions() {
    let attribution = (0..<400).map { Float($0 % 20 < 10 ? 1 : -1) + Float($0) / 400 }
    let left = (0..<400).filter { $0 % 20 < 10 }
    let regions = [Array(0..<400), left, Array(left.prefix(60)), [5, 6, 7]]
    for order in [XRAI.Order.full, .fast] {
      let (means, ranks) = RegionRanking(regions, order: order).ranked(attribution)
      let first = left.reduce(0) { $0 + attribution[$1] } / 200
      #expect(abs(means[left[199]] - first) < 1e-5 && ranks[left[199]] == 1)
      // All but the left half is what the whole adds to it; the fewest pixels add nothing.
      #expect(ranks.max() == 2 && ranks[399] == 2)
      let sum = zip(means, attribution).reduce(0) { $0 + Double($1.0) - Double($1.1) }
      #expect(abs(sum) < 1e-3)
    }
  }
}
