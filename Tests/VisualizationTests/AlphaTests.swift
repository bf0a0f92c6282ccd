import Autodiff
import Objectives
import Optimizers
import Tensors
import Testing

@testable import Visualization

@Suite struct AlphaTests {
  @Test("an opacity of its own: fitted, differentiated, laid over what stands behind")
  func image() {
    let image = AlphaImage(FourierImage(side: 12, batch: 2))
    #expect(image.shape == [2, 4, 12, 12])
    var random = SplitMix64(seed: 3)
    let target = Tensor.uniform(image.shape, in: 0.1...0.9, using: &random)
    let fitted = image.parameters(fitting: target)
    #expect((image.picture(fitted) - target).absolute().maximum <= 1e-4)
    let check = checkGradient(at: fitted.map { $0 * 0.5 }) { image.image($0) }
    #expect(check.relativeError <= 2e-3)
    let opaque = image.parameters(fitting: target.gathered([0, 1, 2], alongAxis: 1))
    #expect(image.picture(opaque).gathered([3], alongAxis: 1).minimum > 0.9)
    let over = Variable(target).laid(over: Variable(0.25)).value
    let expected = target[1, 2, 5, 7] * target[1, 3, 5, 7] + 0.25 * (1 - target[1, 3, 5, 7])
    #expect(over.shape == [2, 3, 12, 12] && abs(over[1, 2, 5, 7] - expected) <= 1e-6)
  }

  @Test("levels of colours join in, the opacity is there from the start")
  func levels() {
    let image = AlphaImage(PyramidImage([1, 3, 8, 8]))
    #expect(image.moving(afterShare: 0) == 0..<2)
    #expect(image.moving(afterShare: 1) == 0..<5)
    #expect(AlphaImage(FourierImage(side: 8)).moving(afterShare: 0).contains(100))
  }

  @Test("what the unit does not see becomes transparent")
  func background() throws {
    var recipe = Recipe()
    (recipe.alpha, recipe.steps, recipe.transforms) = ("background", 60, "none")
    // A neuron of the patch network sees 4×4 pixels.
    let rendering = try recipe.ascent(
      of: .neuron("patches", 1, y: 1, x: 2), shape: [1, 3, 24, 24]
    ).run(in: PatchNetwork())
    #expect(rendering.picture.shape == [1, 4, 24, 24])
    let alpha = rendering.picture.gathered([3], alongAxis: 1)
    let seen = alpha.sliced([0..<1, 0..<1, 4..<8, 8..<12]).mean
    #expect(seen > 1.5 * alpha.mean && rendering.finalValue > rendering.initialValue)
  }

  @Test("gathered gradients are opaque where the unit looks, and change nothing")
  func gathered() throws {
    var recipe = Recipe()
    (recipe.steps, recipe.transforms) = (10, "none")
    let objective = Objective.neuron("patches", 1, y: 1, x: 2)
    let plain = try recipe.ascent(of: objective, shape: [1, 3, 24, 24]).run(in: PatchNetwork())
    recipe.alpha = "gradient"
    let rendering = try recipe.ascent(of: objective, shape: [1, 3, 24, 24])
      .run(in: PatchNetwork())
    #expect(plain.picture == rendering.picture && plain.opacity == nil)
    let opacity = try #require(rendering.opacity)
    for y in 0..<24 {
      for x in 0..<24 where !((4..<8).contains(y) && (8..<12).contains(x)) {
        #expect(opacity[0, 0, y, x] == 0)
      }
    }
    #expect(opacity.maximum == 1)
  }

  @Test("colours change at random, each as the formula says")
  func colors() {
    var random = SplitMix64(seed: 1)
    let picture = Tensor.uniform([2, 3, 4, 4], using: &random)
    let changed = ColorJitter()(Variable(picture), using: &random).value
    var slopes: [Float] = []
    for (n, c) in [(0, 0), (0, 1), (1, 2)] {
      func slope(_ i: Int) -> Float {
        (changed[n, c, 0, i] - changed[n, c, 3, 3]) / (picture[n, c, 0, i] - picture[n, c, 3, 3])
      }
      slopes.append(slope(0))
      #expect(abs(slope(1) - slope(0)) < 1e-3 * slope(0))
      #expect((0.36...2.72).contains(slope(0)))
    }
    #expect(slopes[0] != slopes[1] && slopes[1] != slopes[2])
  }
}
