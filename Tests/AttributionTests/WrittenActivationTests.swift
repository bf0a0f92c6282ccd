import Objectives
import TestSupport
import Tensors
import Testing

@testable import Attribution
@testable import Graphs
@testable import Networks

/// Activations that exporters write as several operators are what they are as one: relevance passes them as it is, and the
/// numbers in them are no biases of the network.
@Suite struct WrittenActivationTests {
  /// An activation in operators; `x` goes in, `y` comes out.
  struct Form: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let nodes: [Node]
    /// The same with an operator of its own.
    let plain: [Node]
  }

  // A one that is none, so that they are not known by what they compute.
  private static let numbers: [String: Float] = [
    "half": 0.5, "one": 1.0001, "three": 3, "six": 6, "cube": 0.044715, "root": 0.797_884_56,
  ]

  private static func node(_ type: String, _ inputs: String..., to output: String) -> Node {
    Node(type, inputs: inputs, outputs: [output], opset: 20)
  }

  private static let swish = [node("Sigmoid", "x", to: "s"), node("Mul", "x", "s", to: "y")]
  private static let gelu = [
    Node(
      "Gelu", inputs: ["x"], outputs: ["y"], attributes: ["approximate": .string("tanh")],
      opset: 20)
  ]
  private static let hardSwish = [
    Node("HardSwish", inputs: ["x"], outputs: ["y"], opset: 20)
  ]

  private static let all = [
    Form(
      testDescription: "x · (1 / (1 + exp(−x)))",
      nodes: [
        node("Neg", "x", to: "a"), node("Exp", "a", to: "b"), node("Add", "b", "one", to: "c"),
        node("Div", "one", "c", to: "d"), node("Mul", "x", "d", to: "y"),
      ], plain: swish),
    Form(
      testDescription: "x / (1 + exp(−x))",
      nodes: [
        node("Neg", "x", to: "a"), node("Exp", "a", to: "b"), node("Add", "one", "b", to: "c"),
        node("Div", "x", "c", to: "y"),
      ], plain: swish),
    Form(
      testDescription: "x · ½ (1 + tanh(x / 2))",
      nodes: [
        node("Mul", "x", "half", to: "a"), node("Tanh", "a", to: "b"),
        node("Add", "b", "one", to: "c"), node("Mul", "c", "half", to: "d"),
        node("Mul", "x", "d", to: "y"),
      ], plain: swish),
    Form(
      testDescription: "½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))",
      nodes: [
        node("Mul", "x", "x", to: "a"), node("Mul", "a", "x", to: "b"),
        node("Mul", "b", "cube", to: "c"), node("Add", "x", "c", to: "d"),
        node("Mul", "d", "root", to: "e"), node("Tanh", "e", to: "f"),
        node("Add", "f", "one", to: "g"), node("Mul", "x", "half", to: "h"),
        node("Mul", "h", "g", to: "y"),
      ], plain: gelu),
    Form(
      testDescription: "x · min(max(x + 3, 0), 6) / 6",
      nodes: [
        node("Add", "x", "three", to: "a"), node("Clip", "a", "zero", "six", to: "b"),
        node("Mul", "x", "b", to: "c"), node("Div", "c", "six", to: "y"),
      ], plain: hardSwish),
  ]

  /// A network with an activation in place of its GELUs.
  private static func replacing(_ activation: [Node], in network: Network) -> Network {
    var graph = network.graph
    for (name, number) in numbers { graph.constants[name] = Constant(Tensor([], [number])) }
    graph.constants["zero"] = Constant(Tensor([], [0]))
    graph.nodes = graph.nodes.flatMap { gelu -> [Node] in
      guard gelu.type == "Gelu" else { return [gelu] }
      func name(_ value: String) -> String {
        switch value {
        case "x": gelu.inputs[0]
        case "y": gelu.outputs[0]
        case _ where graph.constants[value] != nil: value
        default: "\(gelu.outputs[0]).\(value)"
        }
      }
      return activation.map {
        Node(
          $0.type, inputs: $0.inputs.map(name), outputs: $0.outputs.map(name),
          attributes: $0.attributes, opset: 20)
      }
    }
    return Network(graph: graph)
  }

  @Test(
    "AttnLRP and CP-LRP take them as one", arguments: all, TransformerRelevance.Variant.allCases)
  func relevance(_ form: Form, _ variant: TransformerRelevance.Variant) throws {
    var random = SplitMix64(seed: 2)
    let picture = Tensor.uniform([1, 3, 8, 12], using: &random)
    let maps = try [form.nodes, form.plain].map { nodes in
      let network = Self.replacing(nodes, in: SmallTransformer.network())
      return try TransformerRelevance(variant).attribute(
        picture, of: Explained(.logit(1), in: network, inputShape: picture.shape)
      ) { _ in }
    }
    let types = Self.replacing(form.nodes, in: SmallTransformer.network()).graph.nodes.map(\.type)
    #expect(form.nodes.allSatisfy { types.contains($0.type) })
    #expect(maps[1].norm > 0)
    #expect(relativeError(maps[0], maps[1]) < 1e-3)
  }

  @Test("Full-Gradient finds no biases in them", arguments: all)
  func fullGradient(_ form: Form) throws {
    var random = SplitMix64(seed: 5)
    let kernels = [Shape([6, 3, 3, 3]), [4, 6, 3, 3]].map {
      Constant(.normal($0, standardDeviation: 0.4, using: &random))
    }
    let bias = Constant(.normal([6], standardDeviation: 0.3, using: &random))
    let picture = Tensor.uniform([1, 3, 8, 12], using: &random)
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "in", dimensions: [1, 3, 8, 12])], outputs: ["out"],
        nodes: [
          Node("Conv", inputs: ["in", "k0", "bias"], outputs: ["p"]),
          Node("Gelu", inputs: ["p"], outputs: ["q"], opset: 20),
          Node("Conv", inputs: ["q", "k1"], outputs: ["r"]),
          Node(
            "ReduceMean", inputs: ["r"], outputs: ["out"],
            attributes: ["axes": .ints([2, 3]), "keepdims": .int(0)]),
        ], constants: ["k0": kernels[0], "k1": kernels[1], "bias": bias]))
    let explained = [form.nodes, form.plain].map {
      Explained(.logit(1), in: Self.replacing($0, in: network), inputShape: picture.shape)
    }
    #expect(try explained[0].biases().map(\.value) == ["p"])
    let maps = try explained.map { try FullGrad().attribute(picture, of: $0) { _ in } }
    #expect(maps[1].norm > 0)
    #expect(relativeError(maps[0], maps[1]) < 1e-3)
  }

  @Test("What others read, what has numbers of its channels and what is no product stays as it is")
  func others() throws {
    func functions(_ nodes: [Node], keeping kept: Set<String> = []) -> ElementwiseFunctions {
      ElementwiseFunctions(
        Graph(
          inputs: [.init(name: "x", dimensions: [1, 4, 8, 8])], outputs: ["y"], nodes: nodes,
          constants: [
            "half": Constant(Tensor([], [0.5])), "four": Constant(Tensor([4, 1, 1], repeating: 2)),
          ]), input: "x", keeping: kept)
    }
    let written = [
      Self.node("Tanh", "x", to: "a"), Self.node("Mul", "a", "half", to: "b"),
      Self.node("Mul", "b", "x", to: "y"),
    ]
    #expect(functions(written).members == ["a", "b", "y"] && functions(written).ways == ["y": 1])
    #expect(functions(written, keeping: ["a"]).members.isEmpty)
    let channels = [written[0], Self.node("Mul", "a", "four", to: "b"), written[2]]
    #expect(functions(channels).members.isEmpty)
    let sum = [written[0], written[1], Self.node("Add", "b", "x", to: "y")]
    #expect(functions(sum).members == ["a", "b", "y"] && functions(sum).ways.isEmpty)
    let twoValues = [
      Self.node("GlobalAveragePool", "x", to: "a"), Self.node("Mul", "a", "half", to: "b"),
      written[2],
    ]
    #expect(functions(twoValues).members.isEmpty)
  }
}
