import Networks
import Objectives
import Tensors
import Testing
import Visualization

/// Rectifiers that are off in the first steps.
@Suite struct WarmUpTests {
  @Test("warm-up turns on what is off where nothing else would")
  func pictures() throws {
    var random = SplitMix64(seed: 4)
    func picture(_ layer: String, warmUp: Int?) throws -> Tensor {
      // Sums of 0: near grey, half of the results are on either side of 0.
      let edges = Tensor.normal([8, 3, 3, 3], using: &random)
      let graph = Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, 12, 12])], outputs: ["y"],
        nodes: [
          Node("Conv", inputs: ["x", "w", "b"], outputs: ["c"]),
          Node("Relu", inputs: ["c"], outputs: ["r"]),
          Node("Conv", inputs: ["r", "v"], outputs: ["y"]),
        ],
        constants: [
          "w": Constant(edges - edges.sum(alongAxes: [1, 2, 3], keepingAxes: true) / 27),
          "b": Constant(Tensor([8])),
          "v": Constant(.normal([1, 8, 1, 1], using: &random)),
        ])
      random = SplitMix64(seed: 4)
      var recipe = Recipe()
      recipe.steps = 6
      if let warmUp { recipe.warmUp = warmUp }
      let network = PictureNetwork(Network(graph: graph), threads: 1)
      return try recipe.ascent(of: .channel(layer, 0), shape: [1, 3, 12, 12]).run(in: network)
        .picture
    }
    #expect(try picture("r", warmUp: nil) == picture("r", warmUp: 16))
    // Half of the rectifiers are off. Where one is what is looked at, they are turned on.
    #expect(try picture("r", warmUp: 16) != picture("r", warmUp: 0))
    // Behind them the derivative is what passes, as long as anything does.
    #expect(try picture("y", warmUp: 16) == picture("y", warmUp: 0))
  }
}
