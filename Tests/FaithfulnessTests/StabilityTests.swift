import Attribution
import Imaging
import Tensors
import Testing

@testable import Faithfulness

@Suite struct StabilityTests {
  @Test("maximal sensitivity as Captum has it")
  func maxSensitivity() throws {
    let recorded = try RecordedMetrics()
    let perturbations = try RecordedMetrics.tensor("sensitivity_perturbations.pb")
    let explained = recorded.logit
    let methods: [(String, any AttributionMethod)] = [
      ("gradient", .gradient), ("ig", IntegratedGradients(steps: 20)),
    ]
    for (name, method) in methods {
      let map = try explained.map(of: recorded.input, by: method)
      try recorded.check(
        "sensitivity_max_\(name)",
        MaxSensitivity().value(
          of: method, explained, at: recorded.input, map: map, perturbations: perturbations))
    }
    let map = try explained.map(of: recorded.input, by: .gradient)
    let few = try #require(
      try MaxSensitivity(samples: 2).value(of: .gradient, explained, at: recorded.input, map: map))
    let more = try #require(
      try MaxSensitivity(samples: 5).value(of: .gradient, explained, at: recorded.input, map: map))
    #expect(few > 0 && more >= few)
  }

  private static let picture: Tensor = {
    var random = SplitMix64(seed: 9)
    return Tensor.uniform([1, 3, 40, 40], using: &random)
  }()

  /// The map of a method that moves with the picture: its first channel.
  private static func firstChannel(_ picture: Tensor) -> Tensor {
    picture.sliced([0..<1, 0..<1, 0..<40, 0..<40]).reshaped([40, 40])
  }

  @Test("a map that moves exactly with the picture is consistent")
  func equivariant() throws {
    let pairs = try Consistency(changes: [.rotation(degrees: 15), .shift(pixels: 6)]).pairs(
      of: Self.picture, map: Self.firstChannel(Self.picture), keepsPrediction: { _ in true },
      explain: Self.firstChannel)
    #expect(pairs.map(\.change) == ["rotation", "shift"])
    for pair in pairs {
      #expect(abs((pair.structure ?? 0) - 1) < 1e-6 && abs((pair.correlation ?? 0) - 1) < 1e-6)
      #expect(pair.top == 1 && abs(pair.mean - 1) < 1e-6)
    }
  }

  @Test("a map of noise is not, and a change that turns the prediction does not count")
  func unrelated() throws {
    var random = SplitMix64(seed: 1)
    var asked = 0
    let pairs = try Consistency().pairs(
      of: Self.picture, map: Self.firstChannel(Self.picture),
      keepsPrediction: { _ in
        asked += 1
        return asked != 2
      }, explain: { _ in Tensor.uniform([40, 40], using: &random) })
    #expect(pairs.map(\.change) == ["rotation", "brightness", "noise", "JPEG"])
    #expect(pairs.allSatisfy { $0.mean < 0.4 })
  }

  @Test("the small changes are those of FASS")
  func changes() throws {
    let changes = SmallChange.all()
    #expect(changes.map(\.name) == ["rotation", "shift", "brightness", "noise", "JPEG"])
    let changed = try changes.map { try $0.change(Self.picture) }
    let shifted = changed[1]
    #expect(shifted[0, 1, 25, 30] == Self.picture[0, 1, 5, 10] && shifted[0, 0, 3, 30] == 0)
    #expect(changed[2][0, 0, 4, 4] == min(1, 1.5 * Self.picture[0, 0, 4, 4]))
    let noise = changed[3] - Self.picture
    #expect(abs(noise.norm / Float(noise.count).squareRoot() - 0.135) < 0.015)
    #expect(changed.allSatisfy { $0.minimum >= 0 && $0.maximum <= 1 })
    // Counter-clockwise: what was to the right of the middle is above it.
    var dot = Tensor([1, 3, 41, 41])
    dot.withUnsafeMutableBufferPointer { $0[20 * 41 + 38] = 1 }
    let turned = try SmallChange.rotation(degrees: 90).change(dot)
    #expect(turned[0, 0, 2, 20] > 0.99)
    let grey = Self.picture.sliced([0..<1, 0..<1, 0..<40, 0..<40])
    #expect(try SmallChange.jpeg(quality: 40).change(grey).shape == grey.shape)
  }

  @Test("a JPEG of a smooth picture is close to it, of low quality less")
  func jpeg() throws {
    let values = (0..<3072).map { (i: Int) -> Float in
      let (column, row) = (i % 32, i / 32 % 32)
      return Float(column) / 40 + Float(row) / 200
    }
    let ramp = Tensor([1, 3, 32, 32], values)
    func error(_ quality: Int) throws -> Float {
      let back = try Picture(jpeg: Picture(ramp).jpeg(quality: quality)).tensor
      return (back - ramp).absolute().maximum
    }
    #expect(try error(95) < 0.02)
    #expect(try error(5) > error(95))
  }
}
