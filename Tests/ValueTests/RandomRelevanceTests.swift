import Attribution
import Autodiff
import Graphs
import Networks
import Objectives
import Tensors
import Testing

/// Relevance of random graphs, against gradients of the walk over their nodes.
///
/// Where everything between biases is piecewise linear, the epsilon rule is the input times its gradient (Shrikumar et
/// al., 2016; Ancona et al., 2018), whatever way the relevance took: of a gradient whose sums `z` hand on
/// `|z| / (|z| + ε)` of it, all of it where ε is 0. With 1e-6 that is seen where a sum is as small.
@Suite struct RandomRelevanceTests {
  /// What is linear but for its kinks and for what a bias takes.
  static let names: Set<String> = [
    "Relu", "Abs", "Neg", "Identity", "Dropout", "LeakyRelu", "Max with 0", "Add", "Sub", "Conv",
    "Conv of 3", "Conv of 1", "Conv depthwise", "ConvTranspose", "MaxPool", "AveragePool",
    "GlobalAveragePool", "GlobalMaxPool", "Pad", "Slice", "first channels", "Gather", "Split",
    "Tile",
    "Expand", "Transpose", "channels last", "tokens", "Flatten", "Flatten further", "Reshape",
    "Squeeze",
    "Unsqueeze", "Concat", "Concat of channels", "Concat of itself", "Concat nested", "Gemm",
    "MatMul",
    "ReduceMean", "ReduceSum", "branches", "dense block", "DepthToSpace", "SpaceToDepth",
    "itself twice", "Mul with a constant", "Div with a constant",
  ]

  /// Some sums are small, and were rounded.
  private static let tolerance: Float = 1e-3

  @Test("the epsilon rule is the input times its gradient")
  func epsilon() throws {
    let builders = RandomGraph.builders.filter { Self.names.contains($0.name) }
    #expect(builders.count == Self.names.count)
    var compared = 0
    for number in RandomValueTests.numbers {
      let graph = RandomGraph(number: number, builders: builders)
      guard graph.input.shape.rank == 4, graph.last.shape.rank > 1 else { continue }
      let network = Network(graph: graph.graph)
      let reading = Reading(.value(graph.last.name))
      let objective = Objective("weighted", reading: [reading]) { evaluation in
        let y = evaluation[reading]
        return (y * Variable(Self.weights(y.shape))).sum()
      }
      let x = network.isChannelsLast ? graph.input.transposed([0, 3, 1, 2]) : graph.input
      let relevance: Tensor
      do {
        let method = LayerwiseRelevance(.init(convolution: .epsilon(), linear: .epsilon()))
        relevance = try method.attribute(x, to: objective, in: network, feed: .raw, threads: 1)
      } catch is AttributionError {
        continue
      }
      let walk = try TapeWalk(graph.graph, at: graph.input)
      let seed = Self.weights(graph.last.shape)
      let shares = RelevanceDefinition(graph.graph, walk, from: graph.last.name).shares()
      guard let gradient = walk.gradients([graph.last.name: seed], shares: shares)["x"] else {
        continue
      }
      let product = graph.input * gradient
      let expected = network.isChannelsLast ? product.transposed([0, 3, 1, 2]) : product
      compared += 1
      let difference = (relevance - expected).norm
      let agrees =
        try difference <= Self.tolerance * expected.norm
        || !Self.isSettled(graph, seed, shares, product)
      #expect(agrees, "\(difference) of \(expected.norm) in \(graph)")
    }
    #expect(compared * 4 > RandomValueTests.numbers.count)
  }

  /// The same weights for every picture.
  private static func weights(_ shape: Shape) -> Tensor {
    var random = SplitMix64(seed: 9)
    let one = Tensor.normal(Shape([1] + shape.dimensions.dropFirst()), using: &random)
    return Tensor.concatenate([Tensor](repeating: one, count: shape[0]))
  }

  /// Whether rounding leaves the expected product as it is: no kink is near.
  private static func isSettled(
    _ graph: RandomGraph, _ seed: Tensor, _ shares: [String: Tensor], _ expected: Tensor
  ) throws -> Bool {
    try (0..<3).allSatisfy { draw in
      let walk = try TapeWalk(graph.graph, at: graph.input, noise: SplitMix64(seed: UInt64(draw)))
      let gradient =
        walk.gradients([graph.last.name: seed], shares: shares)["x"] ?? Tensor(graph.input.shape)
      return (graph.input * gradient - expected).norm <= 1e-4 * expected.norm
    }
  }
}
