import ONNX
import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks

/// Operators that exporters write out in smaller ones.
@Suite struct RecognitionTests {
  /// `x / (1 + α · average(x²))^β` over a picture with margins, as PyTorch's exporter writes it.
  private func normalization(
    size: Int, before: Int, after: Int, shape: [Int] = [1, 1, 6, 4, -1],
    kernel: ((Int) -> [Int]) = { [$0, 1, 1] }, strides: [Int] = [1, 1, 1]
  ) -> Graph {
    let pads = [0, 0, before, 0, 0, 0, 0, after, 0, 0]
    return Graph(
      inputs: [.init(name: "x", dimensions: [1, 6, 4, 5])], outputs: ["y"],
      nodes: [
        Node("Mul", inputs: ["x", "x"], outputs: ["square"]),
        Node("Reshape", inputs: ["square", "shape"], outputs: ["raised"]),
        Node("Pad", inputs: ["raised", "pads"], outputs: ["padded"]),
        Node(
          "AveragePool", inputs: ["padded"], outputs: ["average"],
          attributes: [
            "kernel_shape": .ints(kernel(size)), "strides": .ints(strides),
            "count_include_pad": .int(1),
          ]),
        Node("Squeeze", inputs: ["average", "one"], outputs: ["mean"]),
        Node("Mul", inputs: ["mean", "alpha"], outputs: ["scaled"]),
        Node("Add", inputs: ["scaled", "bias"], outputs: ["sum"]),
        Node("Pow", inputs: ["sum", "beta"], outputs: ["power"]),
        Node("Div", inputs: ["x", "power"], outputs: ["y"]),
      ],
      constants: [
        "shape": Constant(Tensor([5], shape.map { Float($0) }), isInteger: true),
        "pads": Constant(Tensor([10], pads.map { Float($0) }), isInteger: true),
        "one": Constant(Tensor([1], [1]), isInteger: true), "alpha": Constant(Tensor(0.5)),
        "bias": Constant(Tensor(1.5)), "beta": Constant(Tensor(0.7)),
      ])
  }

  private func output(_ graph: Graph, _ x: Tensor) throws -> Tensor {
    let network = Network(
      graph: graph, layers: [], labels: [], preprocessing: nil, metadata: [:], producer: "",
      opset: 18, path: "", sha256: "")
    return try network.plan(
      inputShape: x.shape, readings: [Reading("y")], differentiable: false, threads: 1
    ).forward(x)[0]
  }

  @Test("A normalization over an odd number of channels is an LRN, and computes the same")
  func oddLRN() throws {
    let graph = normalization(size: 5, before: 2, after: 2)
    let whole = graph.recognized()
    #expect(whole.nodes.last?.type == "LRN")
    var random = SplitMix64(seed: 3)
    let x = Tensor.normal([1, 6, 4, 5], using: &random)
    let (small, large) = (try output(graph, x), try output(whole, x))
    #expect((small - large).norm <= 1e-6 * small.norm)
  }

  @Test("What averages other places is none")
  func noLRN() {
    let others = [
      // Of an even number of channels PyTorch takes the odd one before, ONNX the one behind.
      normalization(size: 4, before: 2, after: 1), normalization(size: 4, before: 1, after: 2),
      normalization(size: 5, before: 1, after: 3), normalization(size: 5, before: 0, after: 0),
      // Rows in place of channels.
      normalization(size: 5, before: 2, after: 2, shape: [1, 6, 4, 5, 1]),
      normalization(size: 5, before: 2, after: 2, shape: [1, 1, 4, 6, -1]),
      normalization(size: 3, before: 1, after: 1, kernel: { [$0, 3, 1] }),
      normalization(size: 3, before: 1, after: 1, strides: [1, 2, 1]),
    ]
    for graph in others { #expect(graph.recognized().nodes.last?.type == "Div") }
  }

  private func graph(_ nodes: [Node]) -> Graph {
    Graph(
      inputs: [.init(name: "x", dimensions: [1, 2, 4, 5])], outputs: ["y"], nodes: nodes,
      constants: [
        "0": Constant(Tensor(0)), "6": Constant(Tensor([1], [6])),
        "many": Constant(Tensor([3], [0, 1, 2])),
      ])
  }

  @Test("A maximum with 0 is a rectifier, with a minimum behind it a ReLU6")
  func clamps() throws {
    let relu = graph([Node("Max", inputs: ["0", "x"], outputs: ["y"])]).recognized()
    #expect(relu.nodes.map(\.type) == ["Relu"] && relu.role(of: relu.nodes[0]).isRectifier)
    let six = graph([
      Node("Max", inputs: ["x", "0"], outputs: ["a"]),
      Node("Min", inputs: ["a", "6"], outputs: ["y"]),
    ]).recognized()
    #expect(six.nodes[1].inputs == ["x"])
    #expect(six.role(of: six.nodes[1]) == .clamp(Clamp(lower: 0, upper: 6)))
    #expect(six.role(of: six.nodes[1]).isRectifier)
  }

  @Test("Limits in the wrong order are not one clamp; several numbers are none")
  func noClamps() {
    let crossed = graph([
      Node("Min", inputs: ["x", "0"], outputs: ["a"]),
      Node("Max", inputs: ["a", "6"], outputs: ["y"]),
    ]).recognized()
    #expect(crossed.nodes[1].inputs == ["a"])
    let many = graph([Node("Max", inputs: ["x", "many"], outputs: ["y"])]).recognized()
    #expect(many.nodes.map(\.type) == ["Max"])
  }

  @Test("Clamps compute what they did")
  func clampValues() throws {
    var random = SplitMix64(seed: 3)
    let x = Tensor.normal([1, 2, 4, 5], standardDeviation: 5, using: &random)
    for (first, second) in [("Max", "Min"), ("Min", "Max")] {
      for (low, high) in [("0", "6"), ("6", "0")] {
        let small = graph([
          Node(first, inputs: ["x", low], outputs: ["a"]),
          Node(second, inputs: ["a", high], outputs: ["y"]),
        ])
        #expect(try output(small, x) == output(small.recognized(), x))
      }
    }
  }

  @Test("A result named like a node that makes another value is the result")
  func outputName() throws {
    var proto = GraphProto()
    proto.node = [
      NodeProto("Relu", ["x"], ["inner"], name: "scores"),
      NodeProto("Neg", ["inner"], ["scores"], name: "negation"),
    ]
    proto.input = [ValueInfoProto("x", [1, 2, 3, 3])]
    proto.output = [ValueInfoProto("scores", [])]
    let network = try Network(Model(ModelProto(graph: proto)))
    #expect(try network.value(ofLayer: "scores") == "scores")
    #expect(network.layers.map(\.name) == ["inner", "negation"])
  }

  @Test("Constants that are only named anew are constants, of any size, but for results")
  func copies() {
    let weights = Constant(Tensor([2], [1, 2]))
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [2])], outputs: ["y", "z"],
      nodes: [
        Node("Identity", inputs: ["w"], outputs: ["first"]),
        Node("Identity", inputs: ["first"], outputs: ["second"]),
        Node("Cast", inputs: ["w"], outputs: ["third"], attributes: ["to": .int(7)]),
        Node("Identity", inputs: ["w"], outputs: ["z"]),
        Node("Sum", inputs: ["x", "second", "third"], outputs: ["y"]),
      ], constants: ["w": weights]
    ).recognized()
    #expect(graph.constants["second"]?.tensor == weights.tensor)
    #expect(graph.nodes.map(\.outputs) == [["third"], ["z"], ["y"]])
  }

  @Test("What a Constant node says is a constant")
  func constants() {
    let value = Constant(Tensor([2], [1, 2]))
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [2])], outputs: ["y"],
      nodes: [
        Node("Constant", inputs: [], outputs: ["c"], attributes: ["value": .constant(value)]),
        Node("Constant", inputs: [], outputs: ["d"], attributes: ["value": .other("sparse")]),
        Node("Add", inputs: ["x", "c"], outputs: ["y"]),
      ]
    ).recognized()
    #expect(graph.constants["c"]?.tensor == value.tensor)
    #expect(graph.nodes.map(\.outputs) == [["d"], ["y"]])
  }
}
