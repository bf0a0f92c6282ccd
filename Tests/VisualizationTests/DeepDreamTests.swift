import Autodiff
import Networks
import Objectives
import Tensors
import Testing

@testable import Visualization

@Suite struct DeepDreamTests {
  private static let picture: Tensor = {
    var random = SplitMix64(seed: 1)
    return Tensor.uniform([1, 3, 40, 60], using: &random) * 0.5 + 0.25
  }()

  @Test("sizes shrink by the ratio, and end at 32 pixels")
  func sizes() {
    var dream = DeepDream()
    let sizes = dream.sizes(of: PictureSize(height: 400, width: 560))
    #expect(sizes.map(\.width) == [204, 286, 400, 560])
    #expect(sizes.map(\.height) == [146, 204, 286, 400])
    #expect(dream.sizes(of: PictureSize(height: 40, width: 60)).count == 1)
    dream.octaves = 1
    #expect(dream.sizes(of: PictureSize(height: 400, width: 560)).count == 1)
  }

  @Test("a step is the gradient of the shifted picture over its mean size, shifted back")
  func oneStep() throws {
    var dream = DeepDream()
    (dream.octaves, dream.steps, dream.jitter, dream.seed) = (1, 1, 9, 4)
    let objective = Objective.deepDream("relu")
    let network = PatchNetwork()
    let dreamt = try dream.picture(from: Self.picture, of: objective, in: network)
    // The same by hand.
    var random = SplitMix64(seed: 4)
    let (down, right) = (
      Int.random(in: -9...9, using: &random), Int.random(in: -9...9, using: &random)
    )
    let (height, width) = (40, 60)
    func place(_ c: Int, _ y: Int, _ x: Int) -> Int {
      (c * height + (y % height + height) % height) * width + (x % width + width) % width
    }
    let pixels = Self.picture.scalars
    var shifted = pixels
    for c in 0..<3 {
      for y in 0..<height {
        for x in 0..<width { shifted[place(c, y + down, x + right)] = pixels[place(c, y, x)] }
      }
    }
    let model = network.compile(
      readings: objective.readings, inputShape: Self.picture.shape, redirecting: false)
    let gradient = try valueWithGradient(at: [Tensor(Self.picture.shape, shifted)]) {
      square(try model.activations($0[0])[0]).mean()
    }.gradient[0].scalars
    let mean = gradient.reduce(0) { $0 + abs($1) } / Float(gradient.count)
    let result = dreamt.scalars
    for c in 0..<3 {
      for y in 0..<height {
        for x in 0..<width {
          let step = gradient[place(c, y + down, x + right)] / mean * 1.5 / 255
          #expect(abs(result[place(c, y, x)] - pixels[place(c, y, x)] - step) < 1e-5)
        }
      }
    }
  }

  @Test(
    "more of what is dreamt of at every size; the same seed, the same bytes; never beyond black and white"
  )
  func rises() throws {
    let network = PatchNetwork()
    var random = SplitMix64(seed: 2)
    let picture = Tensor.uniform([1, 3, 64, 72], using: &random)
    var (values, pictures, dream) = ([Float](), [Tensor](), DeepDream())
    (dream.octaves, dream.steps, dream.jitter) = (2, 5, 0)
    let dreamt = try dream.picture(from: picture, of: .channel("patches", 2), in: network) {
      #expect($0 == values.count)
      values.append($1)
      pictures.append($2())
    }
    #expect(pictures[0] == picture && pictures.allSatisfy { $0.shape == picture.shape })
    #expect((pictures[9] - dreamt).norm < (pictures[5] - dreamt).norm)
    #expect((pictures[4] - picture).norm > 0.1)
    #expect(values.count == 10)
    #expect(values[4] > values[0] && values[9] > values[5])
    #expect(dreamt.minimum >= -1e-6 && dreamt.maximum <= 1 + 1e-6)
    let again = try dream.picture(from: picture, of: .channel("patches", 2), in: network)
    #expect(again == dreamt)
  }

  @Test("what has no gradient says so")
  func noGradient() {
    #expect(throws: VisualizationError.noGradient(step: 0)) {
      try DeepDream().picture(
        from: Self.picture, of: 0 * .layer("patches"), in: PatchNetwork())
    }
  }
}
