import Attribution
import Networks
import Objectives
import Tensors
import Testing

/// Weights and biases that a graph names anew, turns or puts into another shape before they are used: maps are those of
/// the same weights in the file.
@Suite struct KnownWeightTests {
  private let picture = SmallNetwork.picture()

  /// A convolution, a layer norm over its channels, a batch norm's shift and the mean over places, whose scales and shifts
  /// are constants, or follow from constants by a node each.
  private func network(by type: String?) -> Network {
    var random = SplitMix64(seed: 5)
    var constants = [
      "w": Constant(.normal([6, 3, 3, 3], standardDeviation: 0.3, using: &random)),
      "five": Constant(.normal([6, 5], using: &random)),
      "row": Constant(Tensor([1], [6]), isInteger: true),
    ]
    var nodes: [Node] = []
    for name in ["w.bias", "scale", "shift", "gamma", "beta", "mean", "variance"] {
      let values = Tensor.uniform([6], using: &random) + 0.5
      guard let type else {
        constants[name] = Constant(values)
        continue
      }
      constants["\(name) stored"] = Constant(type == "Reshape" ? values.reshaped([2, 3]) : values)
      let inputs = ["\(name) stored"] + (type == "Reshape" ? ["row"] : [])
      nodes.append(Node(type, inputs: inputs, outputs: [name]))
    }
    nodes += [
      SmallNetwork.conv("input", "w", to: "a", [:]),
      Node("Transpose", inputs: ["a"], outputs: ["t"], attributes: ["perm": .ints([0, 2, 3, 1])]),
      Node("LayerNormalization", inputs: ["t", "scale", "shift"], outputs: ["n"]),
      Node("Transpose", inputs: ["n"], outputs: ["m"], attributes: ["perm": .ints([0, 3, 1, 2])]),
      Node("Relu", inputs: ["m"], outputs: ["r"]),
      Node(
        "BatchNormalization", inputs: ["r", "gamma", "beta", "mean", "variance"], outputs: ["b"]),
      Node("GlobalAveragePool", inputs: ["b"], outputs: ["p"]),
      Node("Flatten", inputs: ["p"], outputs: ["f"]),
      Node("MatMul", inputs: ["f", "five"], outputs: ["z"]),
    ]
    return Network(
      graph: Graph(
        inputs: [.init(name: "input", dimensions: [nil, 3, nil, nil])], outputs: ["z"],
        nodes: nodes, constants: constants))
  }

  @Test("maps do not depend on how weights are stored", arguments: ["Identity", "Reshape"])
  func same(type: String) throws {
    let (plain, written) = (network(by: nil), network(by: type))
    for method in [
      DeepLift(), FullGrad(), LayerwiseRelevance(.epsilonPlus), IntegratedGradients(steps: 4),
    ] as [any AttributionMethod] {
      let expected = try method.attribute(picture, to: .logit(2), in: plain)
      let map = try method.attribute(picture, to: .logit(2), in: written)
      #expect(expected.norm > 0)
      #expect(relativeError(map, expected) < 1e-5, "\(method)")
    }
  }

  @Test("DeepLift adds up to the rise through a layer norm whose weights are named anew")
  func complete() throws {
    let explained = Explained(
      .logit(2), in: network(by: "Identity"), inputShape: picture.shape)
    let method = DeepLift(baseline: .input(SmallNetwork.picture(seed: 3)))
    let map = try explained.map(of: picture, by: method)
    let total = try method.total(at: picture, of: explained)[0]
    #expect(abs(map.total - total) < 2e-3 * map.absolute().total, "\(map.total) \(total)")
  }
}
