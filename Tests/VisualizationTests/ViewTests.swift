import Autodiff
import Objectives
import Optimizers
import Tensors
import Testing

@testable import Visualization

@Suite struct ViewTests {
  private let image = FourierImage(side: 24)

  private func ascent(views: Int, together: Int) -> Ascent {
    var ascent = Ascent(
      .channel("patches", 1) - 0.01 * .totalVariation(), parameterization: image)
    (ascent.transforms, ascent.views, ascent.viewsTogether) = (.views(), views, together)
    (ascent.steps, ascent.optimizer) = (4, GradientDescent(learningRate: 0.5))
    return ascent
  }

  @Test("views as one batch and one after the other give the same picture but for rounding")
  func together() throws {
    let network = PatchNetwork()
    let one = try ascent(views: 6, together: 6).run(in: network)
    #expect(Set(network.compiled) == [[6, 3, 24, 24]] && network.compiled.count == 1)
    let pairs = try ascent(views: 6, together: 2).run(in: network)
    let apart = try ascent(views: 6, together: 4).run(in: PatchNetwork())
    #expect(network.compiled.last == [2, 3, 24, 24])
    for other in [pairs, apart] {
      #expect((one.picture - other.picture).absolute().maximum <= 1e-5)
    }
    let single = try ascent(views: 1, together: 8).run(in: PatchNetwork())
    #expect((one.picture - single.picture).absolute().maximum > 1e-3)
  }

  @Test("what gradients gather is that of a step, however many views go together")
  func gathered() throws {
    let opacities = try [6, 2].map { together -> Tensor in
      var ascent = ascent(views: 6, together: together)
      ascent.gathersGradient = true
      return try #require(try ascent.run(in: PatchNetwork()).opacity)
    }
    #expect((opacities[0] - opacities[1]).absolute().maximum <= 1e-4)
    #expect(opacities[0].scalars.contains { $0 < 0.5 })
  }

  @Test("the value of several views is the mean of theirs, in every picture of a batch")
  func mean() throws {
    let batch = FourierImage(side: 16, batch: 2)
    var ascent = Ascent(
      .channel("patches", 2).picture(1) - 10 * .diversity("relu"), parameterization: batch)
    (ascent.transforms, ascent.views, ascent.steps) = (.none, 4, 1)
    var values: [Float] = []
    let network = PatchNetwork()
    let rendering = try ascent.run(in: network) { values.append($0.value) }
    ascent.views = 1
    let alone = try ascent.run(in: PatchNetwork())
    #expect(network.compiled == [[8, 3, 16, 16]])
    #expect(abs(rendering.initialValue - alone.initialValue) <= 1e-5)
    #expect(abs(values[0] - alone.initialValue) <= 1e-5)
  }

  @Test("a network sees its own size of a larger picture, all of it")
  func larger() throws {
    var recipe = Recipe()
    recipe.transforms = "views"
    recipe.steps = 2
    let network = PatchNetwork()
    let ascent = recipe.ascent(
      of: .channel("patches", 1), shape: [1, 3, 48, 40], seenAs: [1, 3, 24, 20])
    let rendering = try ascent.run(in: network)
    #expect(rendering.picture.shape == [1, 3, 48, 40])
    #expect(Set(network.compiled) == [[8, 3, 24, 20]])
    var random = SplitMix64(seed: 2)
    var reached = Tensor([1, 3, 48, 40])
    for _ in 0..<40 {
      reached += gradient(at: Tensor([1, 3, 48, 40], repeating: 0.5)) { x in
        ascent.transforms.reduce(x) { $1($0, using: &random) }.sum()
      }
    }
    #expect(reached.minimum > 0)
  }

  @Test("levels join in from the coarse to the fine, and all are there at half of the steps")
  func levels() throws {
    let pyramid = PyramidImage([1, 3, 20, 20])
    #expect(pyramid.levels.map(\.height) == [1, 2, 4, 8, 16, 20])
    #expect([0, 0.1, 0.3, 0.5, 1].map { pyramid.moving(afterShare: $0).count } == [1, 2, 4, 6, 6])
    var ascent = Ascent(.channel("patches", 1), parameterization: pyramid)
    (ascent.transforms, ascent.steps) = (.none, 12)
    var seen: [[Tensor]] = []
    _ = try ascent.run(in: PatchNetwork()) { seen.append($0.parameters) }
    for (level, first) in zip(0..<6, [0, 1, 2, 3, 4, 5]) {
      let moved = seen.indices.first { seen[$0][level] != seen[0][level] }
      #expect(moved == first + 1)
    }
  }

  @Test("a crop shows the part of a picture that it names, reduced without missing a pixel")
  func crops() {
    let ramp = Tensor([1, 1, 40, 40], (0..<1600).map { Float($0 % 40) })
    var random = SplitMix64(seed: 4)
    for _ in 0..<20 {
      let crop = RandomCrop(0.25...1, size: PictureSize(height: 10, width: 10))(
        Variable(ramp), using: &random
      ).value
      // A line keeps its slope, wherever it is cut, but for the weights of whole pixels.
      let slope = (crop[0, 0, 5, 7] - crop[0, 0, 5, 2]) / 5
      let steps = (3..<8).map { crop[0, 0, 5, $0] - crop[0, 0, 5, $0 - 1] }
      #expect(steps.allSatisfy { abs($0 - slope) < 0.2 } && (0.95...4.05).contains(slope))
      #expect(crop.minimum >= 0 && crop.maximum <= 39)
    }
    let dots = Tensor([1, 1, 64, 64], (0..<4096).map { Float($0 % 4 == 0 ? 1 : 0) })
    let whole = RandomCrop(1...1, size: PictureSize(height: 16, width: 16))(
      Variable(dots), using: &random)
    #expect(abs(whole.value.mean - 0.25) < 0.01 && whole.value.maximum < 0.5)
  }

  @Test(
    "beyond the edge of a part that is reduced it is grey, and the edge pulls no more than the rest"
  )
  func overhang() {
    var random = SplitMix64(seed: 5)
    let size = PictureSize(height: 8, width: 8)
    let crop = RandomCrop(1...1, overhang: 0.25, size: size)
    var (pulls, grey) = ([Float](repeating: 0, count: 32), 0)
    for _ in 0..<50 {
      let (value, pullback) = valueWithPullback(at: Tensor([1, 1, 32, 32], repeating: 0)) {
        crop($0, using: &random)
      }
      // Wholly inside 0, wholly outside 0.5.
      #expect(value.scalars.allSatisfy { abs($0) < 1e-6 || abs($0 - 0.5) < 1e-6 })
      grey += value.scalars.count { $0 > 0.25 }
      let pull = pullback(Tensor(value.shape, repeating: 1))
      for row in 0..<32 { pulls[row] += pull.scalars[row * 32..<row * 32 + 32].reduce(0, +) }
    }
    #expect(grey > 100)
    let middle = pulls[8..<24].reduce(0, +) / 16
    #expect(pulls[0] < 1.5 * middle && pulls[31] < 1.5 * middle)
  }
}

extension ViewTests {
  @Test(
    "several views compare with a picture as one does, also one of another size and behind an opacity"
  )
  func references() throws {
    var random = SplitMix64(seed: 6)
    let reference = ReferencePicture("a", .uniform([1, 3, 16, 16], using: &random))
    let objective = -Objective.inversion("relu", of: reference) - .distance(to: reference)
    var ascent = Ascent(objective, parameterization: FourierImage(side: 16))
    (ascent.transforms, ascent.steps, ascent.views) = (.none, 3, 4)
    let four = try ascent.run(in: PatchNetwork())
    ascent.views = 1
    #expect((four.picture - (try ascent.run(in: PatchNetwork()).picture)).norm < 1e-4)
    var recipe = Recipe()
    (recipe.transforms, recipe.alpha, recipe.steps) = ("views", "background", 2)
    let open = try recipe.ascent(of: objective, shape: [1, 3, 32, 32], seenAs: [1, 3, 16, 16])
      .run(in: PatchNetwork())
    #expect(open.picture.shape == [1, 4, 32, 32])
  }
}
