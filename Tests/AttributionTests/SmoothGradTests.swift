import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct SmoothGradTests {
  let network = SmallNetwork.convolutional()
  let picture = SmallNetwork.picture()

  @Test("the noise follows from the seed alone", arguments: SmoothGrad.Statistic.allCases)
  func seeds(statistic: SmoothGrad.Statistic) throws {
    func map(seed: UInt64, threads: Int) throws -> Tensor {
      try SmoothGrad(samples: 4, statistic: statistic, seed: seed).attribute(
        picture, to: .logit(0), in: network, threads: threads)
    }
    let first = try map(seed: 1, threads: 1)
    #expect(try map(seed: 1, threads: 3) == first)
    #expect(try map(seed: 2, threads: 1) != first)
  }

  @Test("mean, mean square and variance are those of the gradients at noisy pictures")
  func statistics() throws {
    let deviation = 0.15 * (picture.maximum - picture.minimum)
    var random = SplitMix64(seed: 5)
    let gradients = try (0..<6).map { _ in
      let noise = Tensor.normal(picture.shape, using: &random) * deviation
      return try Gradient().attribute(picture + noise, to: .logit(0), in: network)
    }
    let mean = gradients.reduce(Tensor(picture.shape), +) / 6
    let square = gradients.reduce(Tensor(picture.shape)) { $0 + $1 * $1 } / 6
    let expected: [SmoothGrad.Statistic: Tensor] = [
      .mean: mean, .meanSquare: square, .variance: square - mean * mean,
    ]
    for (statistic, expected) in expected {
      let map = try SmoothGrad(samples: 6, statistic: statistic, seed: 5).attribute(
        picture, to: .logit(0), in: network)
      #expect(relativeError(map, expected) < 1e-4, "\(statistic)")
    }
  }

  @Test("without noise it is the gradient, without variance")
  func noiseless() throws {
    let map = try SmoothGrad(of: .guidedBackprop, samples: 3, noise: .absolute(0)).attribute(
      picture, to: .logit(0), in: network)
    let guided = try Gradient.guidedBackprop.attribute(picture, to: .logit(0), in: network)
    #expect(relativeError(map, guided) < 1e-6)
    let variance = try SmoothGrad(samples: 3, noise: .absolute(0), statistic: .variance).attribute(
      picture, to: .logit(0), in: network)
    #expect(variance.maximum < 1e-12)
  }
}
