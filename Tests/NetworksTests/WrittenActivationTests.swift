import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Activations in the operators that exporters write them in.
@Suite struct WrittenActivationTests {
  struct Writing: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let type: String
    /// Each: operator, inputs, output.
    let nodes: [(String, [String], String)]
    let values: [Float]
    let slopes: [Float]

    init(
      _ name: String, _ type: String, _ nodes: [(String, [String], String)],
      _ right: ([Float], [Float])
    ) {
      (testDescription, self.type, self.nodes) = (name, type, nodes)
      (values, slopes) = right
    }

    var graph: Graph {
      let numbers: [String: Float] = [
        "half": 0.5, "one": 1, "two": 2, "three": 3, "six": 6, "c": 0.044715, "√½": 0.70710678,
        "√2": 1.41421356, "√2/π": 0.79788456,
      ]
      var nodes = nodes.map { Node($0.0, inputs: $0.1, outputs: [$0.2]) }
      for i in nodes.indices where nodes[i].type == "HardSigmoid" {
        nodes[i].attributes = ["alpha": .float(1 / 6), "beta": .float(0.5)]
      }
      return Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 4])], outputs: ["y"], nodes: nodes,
        constants: numbers.mapValues { Constant(Tensor($0)) })
    }
  }

  // PyTorch 2.15 in float64 at −4, −0.5, 0.25, 5.
  private static let gelu: ([Float], [Float]) = (
    [-0.000126685, -0.154268769, 0.149676581, 4.999998567],
    [-0.00050365, 0.132504875, 0.695373355, 1.000007147]
  )
  private static let tangent: ([Float], [Float]) = (
    [-7.0246e-05, -0.15428599, 0.149675351, 4.999999771],
    [-0.000335123, 0.132630096, 0.695354095, 1.000001546]
  )
  private static let mish: ([Float], [Float]) = (
    [-0.072591741, -0.220743775, 0.16957241, 4.999552078],
    [-0.05377321, 0.289510678, 0.754172668, 1.000800225]
  )
  private static let hardSwish: ([Float], [Float]) = (
    [0, -0.208333333, 0.135416667, 5], [0, 0.333333333, 0.583333333, 1]
  )
  private static let swish: ([Float], [Float]) = (
    [-0.07194484, -0.188770334, 0.140544125, 4.966535745],
    [-0.052664615, 0.260038813, 0.623710022, 1.026547432]
  )
  private static let tangentHead: [(String, [String], String)] = [
    ("Pow", ["x", "three"], "x3"), ("Mul", ["x3", "c"], "cx3"), ("Add", ["x", "cx3"], "sum"),
    ("Mul", ["sum", "√2/π"], "u"), ("Tanh", ["u"], "t"), ("Add", ["one", "t"], "bell"),
  ]

  static let writings = [
    Writing(
      "erf, (1 + erf) / 2", "Gelu",
      [
        ("Div", ["x", "√2"], "s"), ("Erf", ["s"], "e"), ("Add", ["one", "e"], "a"),
        ("Mul", ["x", "a"], "p"), ("Div", ["p", "two"], "y"),
      ], gelu),
    Writing(
      "erf, ½ erf + ½", "Gelu",
      [
        ("Mul", ["√½", "x"], "s"), ("Erf", ["s"], "e"), ("Mul", ["half", "e"], "h"),
        ("Add", ["h", "half"], "a"), ("Mul", ["a", "x"], "y"),
      ], gelu),
    Writing(
      "tangent, PyTorch's old exporter", "Gelu",
      tangentHead + [("Mul", ["half", "x"], "hx"), ("Mul", ["hx", "bell"], "y")], tangent),
    Writing(
      "tangent, x · x · x", "Gelu",
      [
        ("Mul", ["x", "x"], "x2"), ("Mul", ["c", "x2"], "cx2"), ("Add", ["one", "cx2"], "sum"),
        ("Mul", ["x", "√2/π"], "xr"), ("Mul", ["xr", "sum"], "u"), ("Tanh", ["u"], "t"),
        ("Add", ["t", "one"], "bell"), ("Mul", ["x", "bell"], "p"), ("Mul", ["p", "half"], "y"),
      ], tangent),
    Writing(
      "Mish", "Mish",
      [("Softplus", ["x"], "s"), ("Tanh", ["s"], "t"), ("Mul", ["x", "t"], "y")], mish),
    Writing(
      "Mish by logarithm", "Mish",
      [
        ("Exp", ["x"], "e"), ("Add", ["e", "one"], "a"), ("Log", ["a"], "s"), ("Tanh", ["s"], "t"),
        ("Mul", ["x", "t"], "y"),
      ], mish),
    Writing(
      "hard swish", "HardSwish", [("HardSigmoid", ["x"], "g"), ("Mul", ["g", "x"], "y")], hardSwish),
    Writing("swish", "Swish", [("Sigmoid", ["x"], "g"), ("Mul", ["x", "g"], "y")], swish),
    Writing(
      "swish, x / (1 + e^−x)", "Swish",
      [
        ("Neg", ["x"], "n"), ("Exp", ["n"], "e"), ("Add", ["one", "e"], "a"),
        ("Div", ["x", "a"], "y"),
      ], swish),
  ]

  @Test("are one node with the same values and derivatives", arguments: writings)
  func recognized(writing: Writing) throws {
    let network = Network(graph: writing.graph)
    #expect(network.graph.needed(for: ["y"]).map(\.type) == [writing.type])
    let x = Tensor([1, 4], [-4, -0.5, 0.25, 5])
    let plan = try network.plan(inputShape: x.shape, readings: [Reading("y")])
    let y = try plan.forward(x)[0]
    for (a, b) in zip(y.scalars, writing.values) { #expect(abs(a - b) < 1e-6) }
    let gradient = try plan.backward([Tensor([1, 4], [1, 1, 1, 1])])
    for (a, b) in zip(gradient.scalars, writing.slopes) { #expect(abs(a - b) < 2e-6) }
  }

  @Test("of a value that is an activation itself, or scaled, the inner one is found")
  func inner() {
    var graph = Self.writings[7].graph
    graph.nodes.append(Node("Mul", inputs: ["y", "six"], outputs: ["z"]))
    graph.outputs = ["z"]
    #expect(graph.recognizingActivations().needed(for: ["z"]).map(\.type) == ["Swish", "Mul"])
    graph.nodes[2] = Node("Sigmoid", inputs: ["y"], outputs: ["g2"])
    graph.nodes.append(Node("Mul", inputs: ["g2", "y"], outputs: ["z"]))
    #expect(graph.recognizingActivations().needed(for: ["z"]).map(\.type) == ["Swish", "Swish"])
  }

  @Test(
    "of a value without axes it stays where a number in it has one; the names of constants do not matter"
  )
  func scalars() {
    var graph = Self.writings[0].graph
    graph.constants["one"] = Constant(Tensor([1], [1]))
    graph.nodes.insert(
      Node("ReduceSum", inputs: ["x0"], outputs: ["x"], attributes: ["keepdims": .int(0)]), at: 0)
    #expect(!graph.recognizingActivations().nodes.contains { $0.type == "Gelu" })
    graph.nodes[0] = Node("Mul", inputs: ["x0", "row"], outputs: ["x"])
    graph.constants["row"] = Constant(Tensor([4], [1, 2, 3, 4]))
    #expect(graph.recognizingActivations().nodes.contains { $0.type == "Gelu" })
    var named = Self.writings[7].graph
    named.nodes = named.nodes.map { node in
      Node(node.type, inputs: node.inputs.map { $0 == "x" ? "v" : $0 }, outputs: node.outputs)
    }
    named.constants["x"] = Constant(Tensor([2, 2], repeating: 1))
    #expect(named.recognizingActivations().nodes.last?.type == "Swish")
  }

  @Test("what is near one stays")
  func others() {
    var graph = Self.writings[2].graph
    graph.constants["c"] = Constant(Tensor(0.0448))
    #expect(!graph.recognizingActivations().nodes.contains { $0.type == "Gelu" })
    // A rectifier is one to the rules for gradients.
    graph = Self.writings[7].graph
    graph.nodes = [
      Node("Add", inputs: ["x", "three"], outputs: ["s"]),
      Node(
        "Clip", inputs: ["s"], outputs: ["r"], attributes: ["min": .float(0), "max": .float(6)],
        opset: 6),
      Node("Mul", inputs: ["x", "r"], outputs: ["p"]),
      Node("Div", inputs: ["p", "six"], outputs: ["y"]),
    ]
    #expect(graph.recognizingActivations().nodes.map(\.type) == ["Add", "Clip", "Mul", "Div"])
    // A number a channel could give the result more axes, and is another function for each.
    graph = Self.writings[0].graph
    graph.constants["two"] = Constant(Tensor([4], [2, 2, 2, 2]))
    #expect(!graph.recognizingActivations().nodes.contains { $0.type == "Gelu" })
  }
}
