import FeatureVisualization
import Testing

/// What a user of the library writes, with one import.
@Suite struct OneImportTests {
  /// Pictures of 3×16×20 in 0…255: a convolution, a rectifier, the mean, three logits.
  private func network() -> Network {
    var random = SplitMix64(seed: 3)
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [nil, 3, 16, 20])], outputs: ["logits"],
      nodes: [
        Node("Conv", inputs: ["x", "w"], outputs: ["conv"]),
        Node("Relu", inputs: ["conv"], outputs: ["relu"]),
        Node("GlobalAveragePool", inputs: ["relu"], outputs: ["mean"]),
        Node("Flatten", inputs: ["mean"], outputs: ["flat"]),
        Node("MatMul", inputs: ["flat", "dense"], outputs: ["logits"]),
      ],
      constants: [
        "w": Constant(.normal([6, 3, 5, 5], standardDeviation: 1e-3, using: &random)),
        "dense": Constant(.normal([6, 3], using: &random)),
      ])
    return Network(graph: graph, preprocessing: Preprocessing(rangeUpper: 255))
  }

  @Test("a picture of a unit is one line, at the network's own size")
  func visualizing() throws {
    let network = network()
    let rendering = try visualize(.channel("conv", 2), in: network, steps: 20)
    #expect(rendering.picture.shape == [1, 3, 16, 20])
    #expect(rendering.finalValue > rendering.initialValue)
    let own = try visualize(
      .channel("conv", 2), in: network, parameterization: PixelImage(height: 8, width: 9),
      transforms: .none, optimizer: Momentum(learningRate: 0.5, momentum: 0.9, form: .sum),
      steps: 5, seed: 3)
    #expect(own.picture.shape == [1, 3, 8, 9] && own.finalValue > own.initialValue)
  }

  @Test("a picture with the defaults is what the recipe of the command makes")
  func defaults() throws {
    let network = try network().overriding(metadata: ["visualize.logits.steps": "3"])
    let rendering = try visualize(.logit(1), in: network)
    var recipe = Recipe()
    recipe.steps = 3
    #expect(try visualize(.logit(1), in: network, recipe: recipe).picture == rendering.picture)
  }

  @Test("an explanation is one line, of a picture in 0…1")
  func explaining() throws {
    var random = SplitMix64(seed: 5)
    let picture = Tensor.uniform([1, 3, 16, 20], using: &random)
    let network = network()
    let map = try attribute(picture, to: .logit(1), in: network)
    #expect(map.shape == picture.shape && map.norm > 0)
    #expect(map == (try SmoothGrad().attribute(picture, to: .logit(1), in: network)))
    // The preprocessing is applied: raw input of the same brightness has a 255th of the gradient.
    let gradient = try attribute(picture, to: .logit(1), in: network, by: .gradient)
    let raw = try attribute(picture * 255, to: .logit(1), in: network, by: .gradient, feed: .raw)
    #expect((gradient / 255 - raw).norm < 1e-5 * raw.norm)
  }
}
