import Tensors
import Testing

@testable import Graphs
@testable import Networks
@testable import Plans

/// Networks of several results, and what can be told of those that cannot be run.
@Suite struct OutputTests {
  private static func node(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
  ) -> Node {
    Node(type, name: "node \(output)", inputs: inputs, outputs: [output], attributes: attributes)
  }

  /// A picture's age, its kind by a softmax, and whether there is a face by a sigmoid.
  private static func network(first: String = "MatMul") throws -> Network {
    var random = SplitMix64(seed: 3)
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, 6, 6])], outputs: ["age", "kind", "face"],
        nodes: [
          node("Conv", ["x", "w"], "map"), node("GlobalAveragePool", ["map"], "pool"),
          node("Flatten", ["pool"], "flat"), node(first, ["flat", "a"], "age"),
          node("MatMul", ["flat", "k"], "kinds"), node("Softmax", ["kinds"], "kind"),
          node("MatMul", ["flat", "a"], "score"), node("Sigmoid", ["score"], "face"),
        ],
        constants: [
          "w": Constant(.normal([4, 3, 3, 3], using: &random)),
          "a": Constant(.normal([4, 1], using: &random)),
          "k": Constant(.normal([4, 3], using: &random)),
        ]))
  }

  @Test("each result is named, with how it is asked for")
  func named() throws {
    let outputs = try Self.network().outputs(inputShape: [1, 3, 6, 6])
    #expect(outputs.map(\.name) == ["age", "kind", "face"])
    #expect(outputs.map(\.firstUnit) == ["0", "kind:0", "face:0"])
    #expect(outputs.map(\.link) == [.none, .softmax, .sigmoid])
    #expect(outputs.map(\.shape) == [[1, 1], [1, 3], [1, 1]])
  }

  @Test("places of elements are no softmax, and have no units")
  func places() throws {
    var graph = try Self.network().graph
    graph.constants["one"] = Constant(Tensor([1], [1]), isInteger: true)
    let largest = Node(
      "TopK", name: "largest", inputs: ["kind", "one"], outputs: ["values", "places"])
    graph.nodes += [
      largest, Self.node("ArgMax", ["kind"], "place", ["axis": .int(1), "keepdims": .int(0)]),
    ]
    graph.outputs = ["kind", "values", "places", "place"]
    let outputs = try Network(graph: graph).outputs(inputShape: [1, 3, 6, 6])
    #expect(outputs.map(\.link) == [.softmax, .softmax, .none, .none])
    #expect(outputs.map(\.firstUnit) == ["0", "values:0", nil, nil])
  }

  @Test("a part of a second result is what goes into its softmax or sigmoid")
  func beforeSoftmax() throws {
    let network = try Self.network()
    let unit = try NetworkUnit("kind:1", in: network, inputShape: [1, 3, 6, 6])
    #expect(unit.kind == .channel(layer: "kinds", channel: 1) && unit.title == "kind:1")
    #expect(unit.fileName == "kind-1")
    let face = try NetworkUnit("face:0", in: network, inputShape: [1, 3, 6, 6])
    #expect(face.kind == .channel(layer: "score", channel: 0))
    let age = try NetworkUnit("age:0", in: network, inputShape: [1, 3, 6, 6])
    #expect(age.kind == .channel(layer: "age", channel: 0))
    #expect(throws: NetworkError.channelOutOfRange(layer: "kind", channel: 3, channels: 3)) {
      try NetworkUnit("kind:3", in: network, inputShape: [1, 3, 6, 6])
    }
  }

  @Test("what cannot be run before one result leaves the others alone")
  func unknown() throws {
    let network = try Self.network(first: "Bogus")
    let shapes = try network.shapes(inputShape: [1, 3, 6, 6])
    let logits = try #require(network.logits(in: shapes))
    #expect(logits.value == "kinds" && logits.count == 3 && logits.link == .softmax)
    let unit = try NetworkUnit("2", in: network, shapes: shapes)
    #expect(unit.kind == .logit(2))
    let plan = try network.plan(
      inputShape: [1, 3, 6, 6], readings: [Reading(.logits, channels: [2]), Reading("kinds")],
      feed: .raw, threads: 1)
    let results = try plan.forward(Tensor([1, 3, 6, 6], repeating: 0.5))
    #expect(results[0].scalars == [results[1].scalars[2]])
    let outputs = try network.outputs(inputShape: [1, 3, 6, 6])
    #expect(outputs.map(\.firstUnit) == [nil, "0", "face:0"] && outputs[0].unshaped == .unknown)
  }

  @Test("a node that cannot be run is told, and does not keep the others from being listed")
  func summary() throws {
    var graph = Graph(
      inputs: [.init(name: "x", dimensions: [1, 3, 6, 6])], outputs: ["y"],
      nodes: [
        Self.node("Relu", ["x"], "r"), Self.node("SplitToSequence", ["r", "one"], "parts"),
        Self.node("SequenceAt", ["parts", "zero"], "part"),
        Self.node("NonZero", ["part"], "places"), Self.node("Cast", ["places"], "as floats"),
        Self.node("Add", ["one", "one"], "two"), Self.node("Add", ["r", "odd"], "wrong"),
        Self.node("Neg", ["wrong"], "y"),
      ],
      constants: [
        "one": Constant(Tensor(1), isInteger: true), "zero": Constant(Tensor(0), isInteger: true),
        "odd": Constant(Tensor([1, 2, 1, 1], repeating: 1)),
      ])
    graph.nodes[1].attributes["axis"] = .int(1)
    graph.outputs += ["as floats", "two"]
    let network = Network(graph: graph)
    let summary = try network.summary(inputShape: [1, 3, 6, 6])
    let others = try network.survey(inputShape: [1, 3, 6, 6]).others
    #expect(others["parts"] == .list(3) && others["two"] == .constant([]))
    #expect(others["places"] == .dependsOnPicture && others["as floats"] == .dependsOnPicture)
    #expect(others["wrong"] == .unknown && others["y"] == .unknown && others["r"] == nil)
    let misfit = try #require(summary.misfit)
    #expect("\(misfit)" == "Add 'node wrong': shapes 1×3×6×6, 1×2×1×1 do not fit")
    #expect(summary.outputs.map(\.name) == ["y", "as floats", "two"])
  }

  @Test("a size that is said to fit is one that all of the network takes")
  func sizes() throws {
    // Halved and doubled again, added to itself, and flattened for weights of 12×12.
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [1, 2, 12, 12])], outputs: ["y"],
      nodes: [
        Self.node(
          "MaxPool", ["x"], "half",
          ["kernel_shape": .ints([4, 4]), "strides": .ints([4, 4]), "ceil_mode": .int(1)]),
        Self.node("Resize", ["half", "", "scales"], "whole"),
        Self.node("Add", ["x", "whole"], "s"),
        Self.node("Flatten", ["s"], "flat"), Self.node("MatMul", ["flat", "m"], "y"),
      ],
      constants: [
        "scales": Constant(Tensor([4], [1, 1, 4, 4])),
        "m": Constant(Tensor([288, 3], repeating: 0.1)),
      ])
    let misfit = try #require(try Network(graph: graph).misfit(inputShape: [1, 2, 10, 10]))
    #expect("\(misfit)".hasSuffix("Pictures of 12×12 pixels fit"), "\(misfit)")
  }
}
