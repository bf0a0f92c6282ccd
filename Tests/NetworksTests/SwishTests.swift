import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

@Suite struct SwishTests {
  /// `x · gate(x)`, the gate given by its nodes.
  private static func graph(
    _ gate: [Node], swapped: Bool = false, outputs: [String] = ["y"]
  ) -> Graph {
    Graph(
      inputs: [Graph.Input(name: "x", dimensions: [1, 4])], outputs: outputs,
      nodes: gate + [
        Node("Mul", inputs: swapped ? ["gate", "x"] : ["x", "gate"], outputs: ["y"])
      ],
      constants: ["slope": Constant(Tensor(1.702))])
  }

  private static let sigmoid = Node("Sigmoid", inputs: ["x"], outputs: ["gate"])
  private static func hardSigmoid(alpha: Float) -> Node {
    Node(
      "HardSigmoid", inputs: ["x"], outputs: ["gate"],
      attributes: ["alpha": .float(alpha), "beta": .float(0.5)])
  }
  private static let quick = [
    Node("Mul", inputs: ["slope", "x"], outputs: ["scaled"]),
    Node("Sigmoid", inputs: ["scaled"], outputs: ["gate"]),
  ]

  // PyTorch 2.15: silu, hardswish, x · sigmoid(1.702 x) and their derivatives at −4, −0.5, 0.25, 5.
  @Test(
    "written with a gate it is one node",
    arguments: [
      (
        [sigmoid], "Swish", [-0.071944840, -0.188770339, 0.140544131, 4.966535568],
        [-0.052664611, 0.260038823, 0.623710036, 1.026547432]
      ),
      (
        quick, "Swish", [-0.004414724, -0.149611562, 0.151199654, 4.998992920],
        [-0.006401885, 0.120778084, 0.706500471, 1.001512170]
      ),
      (
        [hardSigmoid(alpha: 1 / 6)], "HardSwish", [0, -0.208333328, 0.135416672, 5],
        [0, 0.333333313, 0.583333313, 1]
      ),
    ] as [([Node], String, [Float], [Float])])
  func recognized(gate: [Node], type: String, values: [Float], slopes: [Float]) throws {
    for swapped in [false, true] {
      let network = Network(graph: Self.graph(gate, swapped: swapped))
      #expect(network.graph.needed(for: ["y"]).map(\.type) == [type])
      let x = Tensor([1, 4], [-4, -0.5, 0.25, 5])
      let plan = try network.plan(inputShape: x.shape, readings: [Reading("y")])
      let y = try plan.forward(x)[0]
      for (a, b) in zip(y.scalars, values) { #expect(abs(a - b) < 1e-6) }
      let gradient = try plan.backward([Tensor([1, 4], [1, 1, 1, 1])])
      for (a, b) in zip(gradient.scalars, slopes) { #expect(abs(a - b) < 1e-6) }
    }
  }

  @Test func anotherGateStays() {
    let squeeze = Node("Sigmoid", inputs: ["other"], outputs: ["gate"])
    for gate in [[squeeze], [Self.hardSigmoid(alpha: 0.2)]] {
      #expect(Self.graph(gate).recognizingActivations().nodes.map(\.type).last == "Mul")
    }
    // Whose gradient would be the gate's as well.
    let read = Self.graph([Self.sigmoid], outputs: ["y", "gate"])
    #expect(read.recognizingActivations().nodes.map(\.type) == ["Sigmoid", "Mul"])
  }

  @Test("is stored with its convolution, and its derivative with it")
  func fused() throws {
    var builder = GraphBuilder(channels: 3)
    let edges = builder.convolution(
      "x", (3, 20), ConvolutionCase(from: 3, to: 20, height: 0, width: 0))
    let bent = builder.add("Mul", [edges, builder.add("Sigmoid", [edges])])
    _ = builder.convolution(bent, (20, 8), ConvolutionCase(from: 20, to: 8, height: 0, width: 0))
    let graph = builder.graph
    let plan = try Network(graph: graph).plan(
      inputShape: [1, 3, 9, 8], readings: [Reading(graph.outputs[0])])
    let stages = try plan.profile(Tensor([1, 3, 9, 8], repeating: 1)).map(\.name)
    #expect(stages.count { $0.hasSuffix(", swish") } == 1)
    #expect(stages.allSatisfy { !$0.hasPrefix("activation") && !$0.hasPrefix("multiply") })
  }
}
