import Foundation
import Graphs
import Networks
import ONNX
import Tensors
import Testing

/// Graphs of a great many nodes are read and planned in time that grows with their number and no faster.
///
/// A chain of 100,000 nodes takes 2 seconds on a machine that does nothing else; here ten times as many nodes may take
/// some twenty times as long, where a quadratic search takes a hundred times.
@Suite("Large graphs") struct LargeGraphTests {
  /// What is made of so many nodes.
  struct Form: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let make: @Sendable (Int) -> GraphProto
  }

  static let forms = [
    Form(testDescription: "a chain in channel blocks") { chain($0, of: "Relu") },
    Form(testDescription: "a chain on the tape") { chain($0, of: "Sin") },
    Form(testDescription: "a chain of names") { chain($0, of: "Identity") },
    Form(testDescription: "a chain that stands backwards in the file") { count in
      var graph = chain(count, of: "Relu")
      graph.node.reverse()
      return graph
    },
    Form(testDescription: "residual modules in modules") { modules($0) },
    Form(testDescription: "a chain of shifts, which the picture takes over") { count in
      var graph = graph(["x"] + (1..<count).map { "v\($0)" }) { input, output, index in
        NodeProto("Add", [input, "shift"], [output], name: "n\(index)")
      }
      graph.initializer = [TensorProto(TensorData(dims: [], floats: [0.5], name: "shift"))]
      return graph
    },
    Form(testDescription: "a chain of shapes") { count in
      var graph = graph(["x"] + (1..<count).map { "v\($0)" }) { input, output, index in
        NodeProto("Reshape", [input, "shape\(index % 2)"], [output], name: "n\(index)")
      }
      graph.initializer = [[1, 2, 16], [1, 2, 4, 4]].enumerated().map {
        TensorProto(TensorData(dims: [$1.count], integers: $1, name: "shape\($0)"))
      }
      return graph
    },
    Form(testDescription: "a wide concatenation") { count in
      var graph = fan(count)
      graph.node.append(
        NodeProto("Concat", (0..<count).map { "v\($0)" }, ["y"], name: "all", .init("axis", 1)))
      return graph
    },
    Form(testDescription: "many results") { count in
      var graph = fan(count)
      graph.output = (0..<count).map { ValueInfoProto("v\($0)", []) }
      return graph
    },
    Form(testDescription: "concatenations in concatenations") { count in
      var graph = graph(["x"] + (1..<count).map { "v\($0)" }) { input, output, index in
        NodeProto("Concat", [input], [output], name: "n\(index)", .init("axis", 1))
      }
      graph.node.insert(NodeProto("Relu", ["picture"], ["x"], name: "first"), at: 0)
      graph.input = [ValueInfoProto("picture", [1, 2, 4, 4])]
      return graph
    },
  ]

  /// Nodes one after the other, from `x` to `y`.
  private static func graph(
    _ values: [String], _ node: (String, String, Int) -> NodeProto
  ) -> GraphProto {
    var graph = GraphProto()
    graph.input = [ValueInfoProto("x", [1, 2, 4, 4])]
    graph.output = [ValueInfoProto("y", [])]
    graph.node = zip(values, values.dropFirst() + ["y"]).enumerated().map {
      node($1.0, $1.1, $0)
    }
    return graph
  }

  private static func chain(_ count: Int, of type: String) -> GraphProto {
    graph(["x"] + (1..<count).map { "v\($0)" }) { input, output, index in
      NodeProto(type, [input], [output], name: "n\(index)")
    }
  }

  private static func modules(_ count: Int) -> GraphProto {
    graph(["x"] + (1..<count).map { "v\($0)" }) { input, output, index in
      let module = "/stage\(index / 100)/stage\(index / 100).\(index % 100 / 10)"
      return index % 3 == 2
        ? NodeProto("Add", [input, input], [output], name: "\(module)/Add_\(index)")
        : NodeProto("Relu", [input], [output], name: "\(module)/act\(index)/Relu")
    }
  }

  private static func fan(_ count: Int) -> GraphProto {
    var graph = GraphProto()
    graph.input = [ValueInfoProto("x", [1, 2, 4, 4])]
    graph.output = [ValueInfoProto("y", [])]
    graph.node = (0..<count).map { NodeProto("Relu", ["x"], ["v\($0)"], name: "n\($0)") }
    return graph
  }

  /// The seconds of computing that reading, describing and planning take.
  private func seconds(_ graph: GraphProto) throws -> Double {
    let start = Self.computed()
    let network = try Network(Model(ModelProto(graph: graph)))
    let summary = try network.summary(inputShape: [1, 2, 4, 4])
    #expect(summary.operators.reduce(0) { $0 + $1.count } == graph.node.count)
    let last = try #require(network.graph.outputs.last)
    let plan = try network.plan(
      inputShape: [1, 2, 4, 4], readings: [Reading(.value(last), channels: [0])], threads: 1)
    #expect(plan.outputShapes[0] == [1, 1, 4, 4])
    return Self.computed() - start
  }

  private static func computed() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  @Test("ten times the nodes, some ten times the time", arguments: forms)
  func linear(_ form: Form) throws {
    let (small, large) = (form.make(1000), form.make(10_000))
    let one = try (0..<3).map { _ in try seconds(small) }.min() ?? 0
    let ten = try seconds(large)
    #expect(ten < 30 * max(one, 0.01), "\(one) s and \(ten) s")
    #expect(ten < 10, "\(ten) s for 10,000 nodes")
  }

  @Test("ten times the parts of a split, some ten times the time")
  func parts() throws {
    func seconds(_ count: Int) throws -> Double {
      let parts = (0..<count).map { "v\($0)" }
      var graph = GraphProto()
      graph.input = [ValueInfoProto("x", [1, 1, count, 1])]
      graph.output = [ValueInfoProto("y", [])]
      graph.node = [
        NodeProto("Split", ["x"], parts, .init("axis", 2), .init("num_outputs", count)),
        NodeProto("Concat", parts, ["y"], .init("axis", 2)),
      ]
      let start = Self.computed()
      let network = try Network(Model(ModelProto(graph: graph)))
      let summary = try network.summary(inputShape: [1, 1, count, 1])
      #expect(summary.layers.last?.shape == [1, 1, count, 1])
      return Self.computed() - start
    }
    let one = try (0..<3).map { _ in try seconds(500) }.min() ?? 0
    let ten = try seconds(5000)
    #expect(ten < 30 * max(one, 0.01), "\(one) s and \(ten) s")
  }

  @Test("logits are found behind as many shapes as there are")
  func shapes() throws {
    var graph = Self.graph((0..<50_000).map { "v\($0)" }) { input, output, index in
      NodeProto("Reshape", [input, "shape"], [output], name: "n\(index)")
    }
    graph.input = [ValueInfoProto("x", [1, 2])]
    graph.node.insert(NodeProto("Sigmoid", ["x"], ["v0"], name: "first"), at: 0)
    graph.initializer = [
      TensorProto(TensorData(dims: [2], integers: [1, 2], name: "shape"))
    ]
    #expect(try Network(Model(ModelProto(graph: graph))).logitsValue() == "x")
  }

  @Test("a value that stands many times in each of many concatenations is looked at once")
  func repeated() throws {
    var graph = Self.graph((0..<10).map { "v\($0)" }) { input, output, index in
      NodeProto(
        "Concat", [String](repeating: input, count: 60), [output], name: "n\(index)",
        .init("axis", 1))
    }
    graph.input = [ValueInfoProto("x", [1, 2])]
    graph.node.insert(NodeProto("HardSigmoid", ["x"], ["v0"], name: "first"), at: 0)
    #expect(try Network(Model(ModelProto(graph: graph))).logitsValue() == "y")
  }

  @Test("a unit deep in a chain has the value and the gradient that it has in a short one")
  func deep() throws {
    func run(_ count: Int) throws -> (Tensor, Tensor) {
      let network = try Network(Model(ModelProto(graph: Self.chain(count, of: "Relu"))))
      let plan = try network.plan(
        inputShape: [1, 2, 4, 4], readings: [Reading(.value("y"), channels: [1])], threads: 1)
      let picture = Tensor([1, 2, 4, 4], (0..<32).map { Float($0) - 20 })
      return (
        try plan.forward(picture)[0], try plan.backward([Tensor([1, 1, 4, 4], repeating: 2)])
      )
    }
    let (value, gradient) = try run(3)
    #expect(value.scalars == (16..<32).map { max(0, Float($0) - 20) })
    // Longer than the way back that is narrowed, and than the maps that are compared with each other.
    let (other, otherGradient) = try run(5000)
    #expect(other == value && otherGradient == gradient)
    #expect(gradient.scalars == (0..<32).map { $0 > 20 ? 2 : 0 })
  }

  @Test("nodes run in the order of a program that goes through the file again and again")
  func order() throws {
    var graph = GraphProto()
    graph.input = [ValueInfoProto("x", [1, 2, 4, 4])]
    graph.output = [ValueInfoProto("c", [])]
    graph.node = [
      NodeProto("Add", ["a", "b"], ["c"], name: "last"),
      NodeProto("Relu", ["a"], ["b"], name: "second"),
      NodeProto("Neg", ["x"], ["d"], name: "aside"),
      NodeProto("Relu", ["x"], ["a"], name: "first"),
    ]
    let network = try Network(Model(ModelProto(graph: graph)))
    #expect(network.graph.nodes.map(\.name) == ["aside", "first", "second", "last"])
  }
}
