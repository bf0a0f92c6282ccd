import Networks
import Objectives
import Tensors
import TestSupport
import Testing

@testable import Visualization

@Suite struct ActivationGridTests {
  @Test("factors come back to a matrix that is such a product, and never grow apart from it")
  func factors() {
    var random = SplitMix64(seed: 3)
    let (w, h) = (
      Tensor.uniform([20, 3], using: &random), Tensor.uniform([3, 8], using: &random)
    )
    let product = Tensor.matmul(w, h)
    let rows = (0..<20).map { Array(product.scalars[$0 * 8..<$0 * 8 + 8]) }
    func error(_ iterations: Int) -> Float {
      let factors = NonNegativeFactors(rows, count: 3, iterations: iterations)
      #expect(factors.weights.joined().allSatisfy { $0 >= 0 })
      #expect(factors.parts.joined().allSatisfy { $0 >= 0 })
      let again = Tensor.matmul(
        Tensor([20, 3], factors.weights.joined().map { $0 }),
        Tensor([3, 8], factors.parts.joined().map { $0 }))
      return (again - product).norm / product.norm
    }
    let errors = [0, 1, 10, 100, 1000].map(error)
    #expect(zip(errors, errors.dropFirst()).allSatisfy { $1 <= $0 })
    #expect(errors[4] < 0.01, "\(errors)")
    // Rows that span two axes have no third part.
    #expect(NonNegativeFactors([[1, 0, 0], [0, 2, 0], [1, 2, 0]], count: 3).parts.count == 2)
    #expect(NonNegativeFactors([[0, -1], [0, 0]], count: 2).parts.isEmpty)
  }

  @Test("groups: two that never occur together are told apart, the larger one first")
  func groups() {
    let (a, b): ([Float], [Float]) = ([0, 3, 4, 0], [1, 0, 0, 0])
    let activations = ActivationGrid.Activations(
      vectors: [a, b, a, b, a, a], width: 3, height: 2)
    let groups = ActivationGroups(activations, count: 2)
    func unit(_ x: [Float]) -> [Float] {
      let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return x.map { $0 / length }
    }
    for (found, expected) in zip(groups.directions, [a, b]) {
      #expect(zip(unit(found), unit(expected)).allSatisfy { abs($0 - $1) < 1e-3 })
    }
    for (found, expected) in zip(groups.maps[0], [5, 0, 5, 0, 5, 5] as [Float]) {
      #expect(abs(found - expected) < 1e-2)
    }
    // 4 × 7 of 4 × 7 + 2 × 1.
    #expect(abs(groups.share(of: 0) - 28.0 / 30) < 1e-3)
  }

  @Test("tiles lie side by side and then one below the other")
  func tiles() {
    let tiles = Tensor([4, 1, 1, 2], [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(tiles.tiled(width: 2).scalars == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(tiles.tiled(width: 2).shape == [1, 1, 2, 4])
    let tall = Tensor([2, 1, 2, 1], [1, 2, 3, 4])
    #expect(tall.tiled(width: 2).scalars == [1, 3, 2, 4])
  }

  @Test("a grid's activations are those of every so-manieth position; each icon looks for its own")
  func icons() throws {
    let network = PictureNetwork(smallNetwork(), preprocessing: Preprocessing(), threads: 1)
    var random = SplitMix64(seed: 4)
    let picture = Tensor.uniform([1, 3, 8, 9], using: &random)
    var grid = ActivationGrid()
    (grid.side, grid.steps, grid.stride) = (16, 8, 2)
    let activations = try grid.activations(of: picture, layer: "edges", in: network)
    #expect(activations.width == 3 && activations.height == 3)
    let plan = try network.network.plan(
      inputShape: picture.shape, readings: [Reading("edges")], feed: .picture(Preprocessing()))
    let map = try plan.forward(picture)[0].scalars
    // Rows 1, 3, 5 and columns 1, 3, 5 of 6×7.
    for channel in 0..<4 {
      #expect(activations.vectors[4][channel] == map[channel * 42 + 3 * 7 + 3])
      #expect(activations.vectors[2][channel] == map[channel * 42 + 1 * 7 + 5])
    }
    let icons = try grid.icons(
      of: [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]], layer: "edges", in: network)
    #expect(icons.shape == [3, 3, 16, 16])
    // What has no direction stays grey.
    #expect(icons.scalars.suffix(768).allSatisfy { $0 == 0.5 })
    let middle = try network.network.plan(
      inputShape: icons.shape, readings: [Reading("edges")], feed: .picture(Preprocessing())
    ).forward(icons)[0].scalars
    func value(_ icon: Int, _ channel: Int) -> Float {
      middle[(icon * 4 + channel) * 196 + 7 * 14 + 7]
    }
    #expect(value(0, 0) > value(1, 0) && value(1, 2) > value(0, 2))
    #expect(throws: ObjectiveError.noPositions(layer: "scores")) {
      try grid.activations(of: picture, layer: "scores", in: network)
    }
  }
}
