import Objectives
import Tensors
import Testing

@testable import Attribution
@testable import Graphs
@testable import Networks

/// Where the maps of a layer lie in the picture, and layers whose maps have no place in it.
@Suite struct MapPlaceTests {
  private static let names = [
    "grad-cam", "hires-cam", "layer-cam", "eigen-cam", "score-cam", "ablation-cam", "fem",
    "full-grad", "layer-gradient-x-activation", "guided-grad-cam",
  ]

  /// Turns all pictures, runs two convolutions and a rectifier, and takes the mean for five classes.
  private static func network(
    turning: Bool, _ nodes: [Node] = [], readBy last: String = "b"
  ) -> Network {
    var random = SplitMix64(seed: 3)
    let kernels = [Shape([6, 3, 3, 3]), [6, 6, 3, 3]].map {
      Tensor.normal($0, standardDeviation: 0.4, using: &random)
    }
    let padded: [String: Attribute] = ["pads": .ints([1, 1, 1, 1])]
    var constants = [
      "w": Constant(.normal([6, 5], using: &random)), "-1": Constant(Tensor([], [-1])),
      "scale": Constant(Tensor([6], repeating: 1)),
      "bias": Constant(.normal([6], standardDeviation: 0.3, using: &random)),
    ]
    for (index, kernel) in kernels.enumerated() {
      constants["k\(index)"] = Constant(turning ? kernel.transposed([0, 1, 3, 2]) : kernel)
    }
    let first =
      turning
      ? Node("Transpose", inputs: ["x"], outputs: ["t"], attributes: ["perm": .ints([0, 1, 3, 2])])
      : Node("Identity", inputs: ["x"], outputs: ["t"])
    let start = [
      first, Node("Conv", inputs: ["t", "k0", "bias"], outputs: ["a"], attributes: padded),
      Node("Relu", inputs: ["a"], outputs: ["b"]),
    ]
    let end = [
      Node(
        "ReduceMean", inputs: [last], outputs: ["m"],
        attributes: ["axes": .ints([2, 3]), "keepdims": .int(0)]),
      Node("MatMul", inputs: ["m", "w"], outputs: ["y"]),
    ]
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, nil, nil])], outputs: ["y"],
        nodes: start + nodes + end, constants: constants))
  }

  private static let picture: Tensor = {
    var random = SplitMix64(seed: 4)
    return Tensor.uniform([1, 3, 9, 14], using: &random)
  }()

  private static func map(_ name: String, _ network: Network) throws -> Tensor {
    try RegisteredMethod.named(name).method(.init())
      .attribute(picture, to: .logit(1), in: network)
  }

  @Test(
    "The map of a network that turns its pictures is that of one that does not", arguments: names)
  func turned(_ name: String) throws {
    // Kernels are turned too, so that all else is the same.
    let upright = try Self.map(name, Self.network(turning: false))
    let turned = try Self.map(name, Self.network(turning: true))
    #expect(upright.norm > 0 && turned.shape == upright.shape)
    #expect(relativeError(turned, upright) < 1e-4)
  }

  @Test("Places are followed through tokens, features last and matrices")
  func axes() throws {
    func add(
      _ type: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
    ) -> Node { Node(type, inputs: inputs, outputs: [output], attributes: attributes) }
    let nodes = [
      add("Reshape", ["b", "rows"], "flat"),
      add("Transpose", ["flat"], "tokens", ["perm": .ints([0, 2, 1])]),
      add("MatMul", ["tokens", "square"], "mixed"),
      add("Add", ["mixed", "tokens"], "sum"),
      add("Transpose", ["sum"], "back", ["perm": .ints([0, 2, 1])]),
      add("Reshape", ["back", "map"], "map4"),
      add("Transpose", ["map4"], "last4", ["perm": .ints([0, 2, 3, 1])]),
      add("Reshape", ["last4", "pieces"], "cut"),
      add("Concat", ["two", "tokens", "three"], "joined", ["axis": .int(1)]),
      add("Relu", ["joined"], "active"),
      add("Slice", ["active", "one", "end", "one"], "without"),
      add("Slice", ["active", "three3", "end", "one"], "less"),
      add("Slice", ["last4", "backwards", "begin", "one", "backwards"], "flipped"),
      // Margins as an exporter computes them.
      add("Concat", ["none", "tail"], "margins", ["axis": .int(0)]),
      add("Cast", ["margins"], "before", ["to": .int(7)]),
      add("Pad", ["tokens", "before"], "padded"),
      add("MatMul", ["mixer", "tokens"], "crossed"),
    ]
    for turning in [false, true] {
      let (height, width) = turning ? (14, 9) : (9, 14)
      var graph = Self.network(turning: turning, nodes, readBy: "map4").graph
      let integers = { (numbers: [Float]) in
        Constant(Tensor([numbers.count], numbers), isInteger: true)
      }
      graph.constants["rows"] = integers([0, 6, -1])
      graph.constants["square"] = Constant(Tensor([6, 6], repeating: 0.1))
      graph.constants["map"] = integers([0, 6, Float(height), Float(width)])
      graph.constants["pieces"] = integers([0, 3, 42, 6])
      for (name, count) in [("two", 2), ("three", 3)] {
        graph.constants[name] = Constant(Tensor([1, count, 6], repeating: 0.5))
      }
      (graph.constants["one"], graph.constants["three3"]) = (integers([1]), integers([3]))
      graph.constants["end"] = integers([1000])
      (graph.constants["backwards"], graph.constants["begin"]) = (integers([-1]), integers([-1000]))
      (graph.constants["none"], graph.constants["tail"]) = (
        integers([0, 1]), integers([0, 0, 0, 0])
      )
      graph.constants["mixer"] = Constant(Tensor([126, 126], repeating: 0.1))
      graph.outputs += ["without", "less", "cut", "flipped", "crossed", "padded"]
      let network = Network(graph: graph)
      let shapes = try network.shapes(inputShape: Self.picture.shape)
      let axes = network.pictureAxes(in: shapes)
      for value in ["a", "b", "flat", "tokens", "mixed", "sum", "map4", "last4"] {
        #expect(axes.hasPlaces(value), "\(value)")
      }
      let layouts = network.layouts(in: shapes)
      let placements = network.placements(in: shapes)
      for value in ["a", "b", "tokens", "mixed", "sum", "map4", "joined"] {
        #expect(placements[value]?.isTurned ?? false == turning, "\(value)")
      }
      // A list with its features first has no places to say them by.
      #expect(layouts["flat"]?.grid == nil && layouts["back"]?.grid == nil)
      let padded = try #require(axes.places("padded", along: 1))
      #expect(padded.first == 1 && padded.count == 126)
      for (value, before) in [("tokens", 0), ("joined", 2), ("active", 2), ("without", 1)] {
        let layout = try #require(layouts[value])
        #expect(layout.extraTokens == before, "\(value)")
        #expect(layout.tokensAfter == (value == "tokens" ? 0 : 3), "\(value)")
        #expect(layout.grid?.height == height && layout.grid?.width == width, "\(value)")
      }
      #expect(axes.hasPlaces("flipped"))
      for value in ["less", "cut", "crossed"] {
        #expect(!axes.hasPlaces(value), "\(value)")
      }
      #expect(axes.isPlane("map4") && !axes.isPlane("tokens") && !axes.isPlane("last4"))
      #expect(!axes.hasPlaces("m") && !axes.hasPlaces("y"))
      #expect(try network.lastConvolutionalValue(before: ["y"], shapes: shapes) == "map4")
    }
  }

  @Test(
    "A sum behind a norm whose features lie last is the last map, not the convolution in its branch"
  )
  func residual() throws {
    let padded: [String: Attribute] = ["pads": .ints([1, 1, 1, 1])]
    let network = Self.network(
      turning: false,
      [
        Node(
          "Transpose", inputs: ["b"], outputs: ["l"], attributes: ["perm": .ints([0, 2, 3, 1])]),
        Node("LayerNormalization", inputs: ["l", "scale"], outputs: ["n"]),
        Node(
          "Transpose", inputs: ["n"], outputs: ["f"], attributes: ["perm": .ints([0, 3, 1, 2])]),
        Node("Conv", inputs: ["f", "k1"], outputs: ["c"], attributes: padded),
        Node("Add", inputs: ["c", "f"], outputs: ["s"]),
      ], readBy: "s")
    #expect(
      try network.lastConvolutionalValue(before: ["y"], inputShape: Self.picture.shape) == "s")
  }

  @Test(
    "A layer with two maps of one picture is refused by every method of layers", arguments: names)
  func several(_ name: String) throws {
    // The picture and its negative, as a batch; both are averaged in the end.
    var graph = Self.network(turning: false).graph
    graph.nodes[0] = Node("Mul", inputs: ["x", "-1"], outputs: ["negative"])
    graph.nodes.insert(
      Node(
        "Concat", inputs: ["x", "negative"], outputs: ["t"], attributes: ["axis": .int(0)]), at: 1)
    graph.nodes[graph.nodes.count - 1].outputs = ["each"]
    graph.nodes.append(
      Node(
        "ReduceMean", inputs: ["each"], outputs: ["y"],
        attributes: ["axes": .ints([0]), "keepdims": .int(1)]))
    let network = Network(graph: graph)
    let layer = ["full-grad", "guided-grad-cam"].contains(name) ? nil : "b"
    let method = try RegisteredMethod.named(name).method(.init(layers: layer.map { [$0] } ?? []))
    #expect(throws: (any Error).self) {
      try method.attribute(Self.picture, to: .logit(1), in: network)
    }
    if layer != nil {
      #expect(throws: ObjectiveError.severalMaps(layer: "b", count: 2)) {
        try method.attribute(Self.picture, to: .logit(1), in: network)
      }
    }
    #expect(throws: AttributionError.self) {
      try network.lastConvolutionalValue(before: ["y"], inputShape: Self.picture.shape)
    }
    #expect(try Self.map("gradient", network).norm > 0)
  }

  /// Tokens of all places behind one of their own, attended to by each other and then summed, read as a mean or by the first.
  private static func tokens(readsFirst: Bool) throws -> (network: Network, last: String) {
    func node(
      _ type: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
    ) -> Node { Node(type, inputs: inputs, outputs: [output], attributes: attributes) }
    var graph = network(
      turning: false,
      [
        node("Reshape", ["b", "rows"], "flat"),
        node("Transpose", ["flat"], "list", ["perm": .ints([0, 2, 1])]),
        node("Concat", ["first", "list"], "all", ["axis": .int(1)]),
        node("LayerNormalization", ["all", "scale"], "norm"),
        // Queries, keys and values out of one, as heads are.
        node("MatMul", ["norm", "three"], "mixed"), node("Reshape", ["mixed", "heads"], "cut"),
        node("Transpose", ["cut"], "turned", ["perm": .ints([2, 0, 3, 1, 4])]),
        node("Gather", ["turned", "0"], "q"), node("Gather", ["turned", "1"], "k"),
        node("Gather", ["turned", "2"], "v"),
        node("Transpose", ["k"], "kt", ["perm": .ints([0, 1, 3, 2])]),
        node("MatMul", ["q", "kt"], "qk"), node("Softmax", ["qk"], "weights", ["axis": .int(-1)]),
        node("MatMul", ["weights", "v"], "o"),
        node("Transpose", ["o"], "together", ["perm": .ints([0, 2, 1, 3])]),
        node("Reshape", ["together", "merged"], "attended"),
        node("Add", ["all", "attended"], "sum"),
        readsFirst
          ? node("Gather", ["sum", "0"], "end", ["axis": .int(1)])
          : node("ReduceMean", ["sum"], "end", ["axes": .ints([1]), "keepdims": .int(0)]),
      ], readBy: "end"
    ).graph
    graph.nodes.removeAll { $0.outputs == ["m"] }
    graph.nodes[graph.nodes.count - 1].inputs[0] = "end"
    func integers(_ numbers: [Float], _ shape: Shape? = nil) -> Constant {
      Constant(Tensor(shape ?? [numbers.count], numbers), isInteger: true)
    }
    var random = SplitMix64(seed: 6)
    graph.constants.merge([
      "rows": integers([0, 6, -1]), "heads": integers([1, -1, 3, 2, 3]),
      "merged": integers([1, -1, 6]), "0": integers([0], []), "1": integers([1], []),
      "2": integers([2], []), "first": Constant(.normal([1, 1, 6], using: &random)),
      "three": Constant(.normal([6, 18], using: &random)),
    ]) { $1 }
    let network = Network(graph: graph)
    return (
      network, try network.lastConvolutionalValue(before: ["y"], inputShape: picture.shape)
    )
  }

  @Test(
    "the last layer is the last sum or norm whose places are read, not those that lie beside what is",
    arguments: [(false, "sum"), (true, "norm")])
  func lastRead(readsFirst: Bool, expected: String) throws {
    let (network, last) = try Self.tokens(readsFirst: readsFirst)
    #expect(last == expected)
    let explained = Explained(.logit(1), in: network, inputShape: Self.picture.shape)
    let gradient = try explained.response(of: .value(last), at: Self.picture).gradient
    #expect(gradient.norm > 0)
  }

  @Test("a sum whose channels lie last is the last map, not the convolution before it")
  func sumLast() throws {
    let network = Self.network(
      turning: false,
      [
        Node(
          "Transpose", inputs: ["b"], outputs: ["l"], attributes: ["perm": .ints([0, 2, 3, 1])]),
        Node("MatMul", inputs: ["l", "square"], outputs: ["p"]),
        Node("Add", inputs: ["p", "l"], outputs: ["s"]),
        Node(
          "ReduceMean", inputs: ["s"], outputs: ["e"],
          attributes: ["axes": .ints([1, 2]), "keepdims": .int(1)]),
        Node(
          "Transpose", inputs: ["e"], outputs: ["f"], attributes: ["perm": .ints([0, 3, 1, 2])]),
      ], readBy: "f")
    var graph = network.graph
    graph.constants["square"] = Constant(Tensor([6, 6], repeating: 0.1))
    #expect(
      try Network(graph: graph).lastConvolutionalValue(
        before: ["y"], inputShape: Self.picture.shape) == "s")
  }
}
