import Attribution
import Networks
import Objectives
import Tensors
import Testing

@Suite struct SmoothingTests {
  let network = SmallNetwork.convolutional()
  let picture = SmallNetwork.picture()

  @Test("SmoothGrad takes any method: the mean of its maps at noisy pictures")
  func anyMethod() throws {
    let methods: [any AttributionMethod] = [
      GradCAM(rectified: false), LayerwiseRelevance(.epsilonPlus),
    ]
    for method in methods {
      var random = SplitMix64(seed: 5)
      let maps = try (0..<4).map { _ in
        try method.attribute(
          picture + 0.3 * Tensor.normal(picture.shape, using: &random), to: .logit(0), in: network)
      }
      let map = try SmoothGrad(of: method, samples: 4, noise: .absolute(0.3), seed: 5).attribute(
        picture, to: .logit(0), in: network)
      #expect(relativeError(map, maps.reduce(Tensor(maps[0].shape), +) / 4) < 1e-5)
    }
  }

  @Test("a mirrored picture's map is mirrored back, at any resolution")
  func mirrored() throws {
    func mirrored(_ x: Tensor) -> Tensor {
      x.gathered((0..<x.shape[3]).reversed(), alongAxis: 3)
    }
    for method: any AttributionMethod in [.gradient, GradCAM(rectified: false)] {
      let plain = try method.attribute(picture, to: .logit(0), in: network)
      let other = mirrored(try method.attribute(mirrored(picture), to: .logit(0), in: network))
      #expect(relativeError(other, plain) > 0.1)
      let average = try AugmentationAverage(of: method, over: [.brightness(1), .mirror]).attribute(
        picture, to: .logit(0), in: network)
      #expect(relativeError(average, (plain + other) / 2) < 1e-6)
    }
  }

  @Test("the usual changes: three brightnesses, as they are and mirrored")
  func usual() throws {
    let changed = AugmentationAverage.usual.map { $0.change(picture) }
    #expect(changed.count == 6)
    #expect(changed[0] == picture * 0.9)
    #expect(changed[2] == picture)
    #expect(changed[5][0, 0, 0, 0] == picture[0, 0, 0, 10] * 1.1)
    for augmentation in AugmentationAverage.usual {
      let map = augmentation.restore(augmentation.change(picture))
      #expect(abs(map[0, 1, 2, 3]) >= 0.89 * abs(picture[0, 1, 2, 3]))
      #expect(map[0, 1, 2, 3] * picture[0, 1, 2, 3] > 0)
    }
  }
}
