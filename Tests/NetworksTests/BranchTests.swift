import ONNX
import Tensors
import Testing

@testable import Graphs
@testable import Networks

/// If, whose branches stand in the graph beside it.
@Suite struct BranchTests {
  private static func branch(
    _ nodes: [NodeProto], _ output: String, storing constants: [(String, [Float])] = []
  ) -> GraphProto {
    var graph = GraphProto()
    graph.name = "branch"
    graph.node = nodes
    graph.output = [ValueInfoProto(output, [])]
    graph.initializer = constants.map { name, values in
      TensorProto(TensorData(dims: [values.count], floats: values, name: name))
    }
    return graph
  }

  private static func conditional(
    _ condition: String, _ output: String, then: GraphProto, else other: GraphProto
  ) -> NodeProto {
    var node = NodeProto("If", [condition], [output], name: "choice")
    node.attribute = [("then_branch", then), ("else_branch", other)].map { name, graph in
      var attribute = AttributeProto()
      attribute.name = name
      attribute.type = .graph
      attribute.g = graph
      return attribute
    }
    return node
  }

  private static func network(_ nodes: [NodeProto], _ output: String) throws -> Network {
    var graph = GraphProto()
    graph.input = [ValueInfoProto("x", [-1, 3, 2, 2])]
    graph.output = [ValueInfoProto(output, [])]
    graph.node = nodes
    graph.initializer = [
      TensorProto(TensorData(dims: [1], integers: [0], name: "zero")),
      TensorProto(TensorData(dims: [], integers: [1], name: "one")),
      TensorProto(TensorData(dims: [], floats: [0.5], name: "half")),
    ]
    return try Network(try Model(ModelProto(graph: graph, operatorSetVersion: 17)))
  }

  private static func run(_ network: Network, _ x: Tensor) throws -> (
    value: Tensor, gradient: Tensor
  ) {
    let plan = try network.plan(
      inputShape: x.shape, readings: [Reading(.value(network.graph.outputs[0]))], feed: .raw,
      threads: 1)
    let value = try plan.forward(x)[0]
    return (value, try plan.backward([Tensor(value.shape, repeating: 1)]))
  }

  private static func numbers(_ batch: Int) -> Tensor {
    Tensor([batch, 3, 2, 2], (0..<batch * 12).map { Float($0) / 4 - 1 })
  }

  /// Whether the batch is one picture, as PyTorch's exporter asks it for a squeeze.
  private static let isOne = [
    NodeProto("Shape", ["x"], ["shape"]),
    NodeProto("Gather", ["shape", "zero"], ["first"], AttributeProto("axis", 0)),
    NodeProto("Squeeze", ["first"], ["count"]), NodeProto("Equal", ["count", "one"], ["isOne"]),
  ]

  @Test("the branch follows from the shape that is run, and only its nodes have to fit")
  func byShape() throws {
    // For one picture, twice its pixels without the batch; for two, half of them as they are.
    let network = try Self.network(
      Self.isOne + [
        Self.conditional(
          "isOne", "y",
          then: Self.branch(
            [NodeProto("Squeeze", ["x", "zero"], ["v"]), NodeProto("Add", ["v", "v"], ["w"])], "w"),
          else: Self.branch([NodeProto("Mul", ["x", "half"], ["w"])], "w"))
      ], "y")
    let one = try Self.run(network, Self.numbers(1))
    #expect(one.value == (Self.numbers(1) * 2).reshaped([3, 2, 2]))
    #expect(one.gradient == Tensor([1, 3, 2, 2], repeating: 2))
    let two = try Self.run(network, Self.numbers(2))
    #expect(two.value == Self.numbers(2) * 0.5)
    #expect(two.gradient == Tensor([2, 3, 2, 2], repeating: 0.5))
    #expect(try network.shapes(inputShape: [1, 3, 2, 2])["y"] == [3, 2, 2])
    #expect(network.unsupported.isEmpty)
  }

  @Test("one within the other; names that both branches and the outside have; stored numbers")
  func nested() throws {
    let inner = Self.conditional(
      "isOne", "v",
      then: Self.branch([NodeProto("Add", ["outer", "k"], ["v2"])], "v2", storing: [("k", [10])]),
      else: Self.branch([NodeProto("Sub", ["outer", "k"], ["v2"])], "v2", storing: [("k", [1])]))
    let network = try Self.network(
      Self.isOne + [
        NodeProto("Mul", ["x", "half"], ["v"]),
        Self.conditional(
          "isOne", "y",
          then: Self.branch(
            [NodeProto("Neg", ["v"], ["outer"]), inner, NodeProto("Relu", ["v"], ["z"])], "z"),
          else: Self.branch([NodeProto("Mul", ["x", "half"], ["outer"])], "outer")),
        NodeProto("Add", ["y", "v"], ["sum"]),
      ], "sum")
    let (x, half) = (Self.numbers(1), Self.numbers(1) * 0.5)
    #expect(try Self.run(network, x).value == (10 - half).map { max($0, 0) } + half)
    #expect(try Self.run(network, Self.numbers(2)).value == Self.numbers(2))
  }

  @Test("a condition that depends on the picture chooses while the network runs")
  func byValue() throws {
    let network = try Self.network(
      [
        NodeProto("ReduceSum", ["x"], ["sum"], AttributeProto("keepdims", 0)),
        NodeProto("Greater", ["sum", "half"], ["isLarge"]),
        Self.conditional(
          "isLarge", "y", then: Self.branch([NodeProto("Add", ["x", "x"], ["w"])], "w"),
          else: Self.branch([NodeProto("Neg", ["x"], ["w"])], "w")),
      ], "y")
    let x = Self.numbers(1)
    let large = try Self.run(network, x)
    #expect(large.value == x * 2 && large.gradient == Tensor(x.shape, repeating: 2))
    let small = try Self.run(network, x - 5)
    #expect(small.value == 5 - x && small.gradient == Tensor(x.shape, repeating: -1))
  }

  @Test("a branch that is missing is told")
  func missing() throws {
    var node = Self.conditional(
      "isOne", "y", then: Self.branch([NodeProto("Neg", ["x"], ["w"])], "w"), else: GraphProto())
    node.attribute.removeLast()
    let error = #expect(throws: NetworkError.self) {
      try Self.network(Self.isOne + [node], "y")
    }
    #expect("\(try #require(error))".contains("else_branch is missing"))
  }
}
