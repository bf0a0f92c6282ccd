import Networks
import Tensors
import Testing

@testable import Portraits

/// The logits behind what a file ends in, and the probabilities that it makes of them.
@Suite struct ProbabilityTests {
  /// A way to end a classifier of 3 classes, from `scores`.
  struct Ending: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let link: Network.Link
    var nodes: [Node]
    /// The results; the first that are probabilities are what the classes are compared with.
    var outputs = ["y"]
    var probabilities: String? = "y"

    init(
      _ name: String, _ link: Network.Link, _ nodes: [Node], outputs: [String] = ["y"],
      probabilities: String? = "y"
    ) {
      (testDescription, self.link, self.nodes) = (name, link, nodes)
      (self.outputs, self.probabilities) = (outputs, probabilities)
    }
  }

  private static func node(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
  ) -> Node {
    Node(type, name: output, inputs: inputs, outputs: [output], attributes: attributes)
  }

  private static let endings: [Ending] = [
    Ending("softmax", .softmax, [node("Softmax", ["scores"], "y", ["axis": .int(1)])]),
    Ending(
      "softmax, clipped and under another shape", .softmax,
      [
        node("Softmax", ["scores"], "s"),
        node("Clip", ["s", "tiny", "one"], "c"), node("Flatten", ["c"], "y"),
      ]),
    Ending(
      "softmax by hand", .softmax,
      [
        node("ReduceMax", ["scores", "axes"], "m"), node("Sub", ["scores", "m"], "d"),
        node("Exp", ["d"], "e"), node("ReduceSum", ["e", "axes"], "t"),
        node("Div", ["e", "t"], "y"),
      ]),
    Ending("sigmoid", .sigmoid, [node("Sigmoid", ["scores"], "y")]),
    Ending(
      "sigmoid by hand", .sigmoid,
      [
        node("Neg", ["scores"], "n"), node("Exp", ["n"], "e"), node("Add", ["e", "one"], "t"),
        node("Div", ["one", "t"], "y"),
      ]),
    Ending(
      "sigmoid by hand, as a reciprocal", .sigmoid,
      [
        node("Neg", ["scores"], "n"), node("Exp", ["n"], "e"), node("Add", ["one", "e"], "t"),
        node("Reciprocal", ["t"], "y"),
      ]),
    Ending(
      "sigmoid by hand, of powers", .sigmoid,
      [
        node("Exp", ["scores"], "e"), node("Add", ["e", "one"], "t"), node("Div", ["e", "t"], "y"),
      ]),
    Ending(
      "sigmoid by hand, times −1", .sigmoid,
      [
        node("Mul", ["scores", "minus one"], "n"), node("Exp", ["n"], "e"),
        node("Add", ["one", "e"], "t"), node("Div", ["one", "t"], "y"),
      ]),
    Ending(
      "logarithm of a sigmoid", .sigmoid,
      [
        node("Neg", ["scores"], "n"), node("Softplus", ["n"], "p"), node("Neg", ["p"], "y"),
        node("Exp", ["y"], "own"),
      ], probabilities: "own"),
    Ending(
      "logarithm of a softmax", .softmax,
      [node("LogSoftmax", ["scores"], "y", ["axis": .int(1)]), node("Exp", ["y"], "own")],
      probabilities: "own"),
    Ending(
      "logarithm of a softmax by hand", .softmax,
      [
        node("ReduceLogSumExp", ["scores", "axes"], "t"), node("Sub", ["scores", "t"], "y"),
        node("Exp", ["y"], "own"),
      ], probabilities: "own"),
    Ending(
      "label and score", .softmax,
      [
        node("Softmax", ["scores"], "s"), node("ArgMax", ["s"], "label", ["axis": .int(1)]),
        node("ReduceMax", ["s", "axes"], "score"),
      ], outputs: ["label", "score"], probabilities: "s"),
    Ending(
      "label alone", .none, [node("ArgMax", ["scores"], "y", ["axis": .int(1)])],
      probabilities: nil),
    Ending(
      "the best two", .softmax,
      [
        node("Softmax", ["scores"], "s"),
        Node("TopK", name: "best", inputs: ["s", "two"], outputs: ["y", "places"]),
      ], outputs: ["y", "places"], probabilities: "s"),
    Ending(
      "percent", .softmax,
      [node("Softmax", ["scores"], "s"), node("Mul", ["s", "hundred"], "y")], probabilities: "s"),
    Ending(
      "one token's softmax", .softmax,
      [
        node("Unsqueeze", ["scores", "axes"], "u"), node("Softmax", ["u"], "y", ["axis": .int(2)]),
      ]),
    Ending("nothing", .none, [node("Identity", ["scores"], "y")], probabilities: nil),
  ]

  /// What is no softmax over the classes.
  private static let others: [Ending] = [
    Ending("over the batch", .other, [node("Softmax", ["scores"], "y", ["axis": .int(0)])]),
    Ending(
      "its logarithm over the batch", .other,
      [node("LogSoftmax", ["scores"], "y", ["axis": .int(0)])]),
    Ending(
      "over the batch by hand", .other,
      [
        node("Exp", ["scores"], "e"), node("ReduceSum", ["e", "batch"], "t"),
        node("Div", ["e", "t"], "y"),
      ]),
    Ending(
      "its logarithm over the batch by hand", .other,
      [
        node("ReduceLogSumExp", ["scores", "batch"], "t"), node("Sub", ["scores", "t"], "y"),
      ]),
    Ending(
      "one of each picture's own place", .other,
      [
        node("Unsqueeze", ["scores", "last"], "u"), node("Softmax", ["u"], "y", ["axis": .int(2)]),
      ]),
    Ending(
      "a softmax times 7", .other,
      [node("Softmax", ["scores"], "s"), node("Mul", ["seven", "s"], "y")]),
    Ending(
      "the largest of a softmax over the batch", .other,
      [
        node("Softmax", ["scores"], "s", ["axis": .int(0)]),
        node("ArgMax", ["s"], "y", ["axis": .int(1)]),
      ]),
    Ending("1 at the largest", .none, [node("Hardmax", ["scores"], "y", ["axis": .int(1)])]),
  ]

  @Test("no softmax over the classes makes no probabilities of logits", arguments: others)
  func other(ending: Ending) throws {
    let network = Self.network(ending)
    for batch in [1, 3] {
      let shapes = try network.shapes(inputShape: [batch, 3, 6, 6])
      let logits = try #require(network.logits(in: shapes))
      #expect(logits.value == "scores" && logits.count == 3 && logits.link == ending.link)
      #expect(ending.link == .none || logits.probabilities([1, 2, 3]) == nil)
    }
  }

  @Test("a sigmoid times a number is a regression's range, and no class's")
  func range() throws {
    let ending = Ending(
      "", .none, [Self.node("Sigmoid", ["scores"], "s"), Self.node("Mul", ["s", "seven"], "y")])
    let network = Self.network(ending)
    let logits = try #require(network.logits(in: network.shapes(inputShape: [1, 3, 6, 6])))
    #expect(logits.value == "y" && logits.link == .none)
  }

  @Test("a list after a product with a matrix is one token's classes, not a detector's places")
  func token() throws {
    var random = SplitMix64(seed: 3)
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, 6, 6])], outputs: ["y"],
        nodes: [
          Self.node("GlobalAveragePool", ["x"], "pool"),
          Self.node("Reshape", ["pool", "row"], "token"),
          Self.node("MatMul", ["token", "classes"], "scores"),
          Self.node("Softmax", ["scores"], "y", ["axis": .int(-1)]),
        ],
        constants: [
          "row": Constant(Tensor([3], [0, 1, 3]), isInteger: true),
          "classes": Constant(.normal([3, 5], standardDeviation: 2, using: &random)),
        ]))
    let shapes = try network.shapes(inputShape: Self.picture.shape)
    let logits = try #require(network.logits(in: shapes))
    #expect(logits.value == "scores" && logits.count == 5 && logits.link == .softmax)
    let classes = try network.classes(of: Self.picture, shapes: shapes, feed: .raw, threads: 1)
    let plan = try network.plan(
      inputShape: Self.picture.shape, readings: [Reading("y"), Reading(.logits, channels: [4])],
      feed: .raw, threads: 1)
    let results = try plan.forward(Self.picture)
    for one in classes {
      #expect(abs((one.probability ?? -1) - results[0].scalars[one.index]) < 1e-5)
    }
    #expect(results[1].scalars == [classes.first { $0.index == 4 }?.logit])
  }

  private static func network(_ ending: Ending, classes: Int = 3) -> Network {
    var random = SplitMix64(seed: 3)
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, 6, 6])], outputs: ending.outputs,
        nodes: [
          node("Conv", ["x", "weights"], "edges"), node("Relu", ["edges"], "rectified"),
          node("GlobalAveragePool", ["rectified"], "pool"), node("Flatten", ["pool"], "flat"),
          node("MatMul", ["flat", "classes"], "scores"),
        ] + ending.nodes,
        constants: [
          "weights": Constant(.normal([4, 3, 3, 3], using: &random)),
          "classes": Constant(.normal([4, classes], standardDeviation: 2, using: &random)),
          "tiny": Constant(Tensor(1e-7)), "zero": Constant(Tensor(0)),
          "hundred": Constant(Tensor(100)), "seven": Constant(Tensor(7)),
          "batch": Constant(Tensor([1], [0]), isInteger: true),
          "last": Constant(Tensor([1], [2]), isInteger: true),
          "half": Constant(Tensor(0.5)), "three": Constant(Tensor(3)), "six": Constant(Tensor(6)),
          "one": Constant(Tensor(1)),
          "minus one": Constant(Tensor(-1)), "axes": Constant(Tensor([1], [1]), isInteger: true),
          "two": Constant(Tensor([1], [2]), isInteger: true),
        ]))
  }

  private static let picture: Tensor = {
    var random = SplitMix64(seed: 8)
    return .uniform([1, 3, 6, 6], using: &random)
  }()

  @Test("logits are found, and probabilities are the file's own", arguments: endings)
  func own(ending: Ending) throws {
    let network = Self.network(ending)
    let shapes = try network.shapes(inputShape: Self.picture.shape)
    let logits = try #require(network.logits(in: shapes))
    #expect(logits.value == "scores" || ending.testDescription == "nothing" && logits.value == "y")
    #expect(logits.link == ending.link && logits.count == 3)
    let classes = try network.classes(of: Self.picture, shapes: shapes, feed: .raw, threads: 1)
    #expect(classes.map(\.logit) == classes.map(\.logit).sorted(by: >))
    guard let name = ending.probabilities else { return }
    let plan = try network.plan(
      inputShape: Self.picture.shape, readings: [Reading(.value(name))], feed: .raw, threads: 1)
    let own = try plan.forward(Self.picture)[0].scalars
    for one in classes {
      #expect(abs((one.probability ?? -1) - own[one.index]) < 1e-5)
    }
  }

  /// What is a probability and has no logits behind it.
  private static let bounded: [Ending] = [
    Ending("hard sigmoid", .own, [node("HardSigmoid", ["scores"], "y")]),
    Ending(
      "hard sigmoid by hand", .own,
      [node("Mul", ["scores", "one"], "m"), node("Clip", ["m", "zero", "one"], "y")]),
    Ending(
      "p beside 1 − p", .own,
      [
        node("Sigmoid", ["scores"], "p"), node("Sub", ["one", "p"], "q"),
        node("Concat", ["q", "p"], "y", ["axis": .int(1)]),
      ]),
    Ending(
      "clip(x + 3, 0, 6) / 6", .own,
      [
        node("Add", ["scores", "three"], "a"), node("Clip", ["a", "zero", "six"], "b"),
        node("Div", ["b", "six"], "y"),
      ]),
    Ending(
      "½ (tanh x + 1)", .own,
      [
        node("Tanh", ["scores"], "t"), node("Add", ["t", "one"], "a"),
        node("Mul", ["a", "half"], "y"),
      ]),
    Ending(
      "the mean of two softmaxes", .own,
      [
        node("Softmax", ["scores"], "a"), node("Mul", ["scores", "half"], "h"),
        node("Softmax", ["h"], "b"), node("Add", ["a", "b"], "s"),
        node("Mul", ["s", "half"], "y"),
      ]),
    Ending(
      "shares of what is positive", .none,
      [
        node("Relu", ["scores"], "r"), node("Add", ["r", "tiny"], "s"),
        node("ReduceSum", ["s", "axes"], "t"), node("Div", ["s", "t"], "y"),
      ]),
  ]

  @Test("what is a probability already is not made one again", arguments: bounded)
  func own(bounded ending: Ending) throws {
    let network = Self.network(ending)
    let shapes = try network.shapes(inputShape: Self.picture.shape)
    let logits = try #require(network.logits(in: shapes))
    #expect(logits.value == "y" && logits.link == ending.link)
    let classes = try network.classes(of: Self.picture, shapes: shapes, feed: .raw, threads: 1)
    #expect(classes.allSatisfy { $0.probability == $0.logit })
  }

  @Test("a sum of probabilities, or a clip beyond 1, is none")
  func unbounded() throws {
    let others = [
      Ending(
        "", .none, [Self.node("HardSigmoid", ["scores"], "h"), Self.node("Add", ["h", "h"], "y")]),
      Ending("", .none, [Self.node("Clip", ["scores", "zero", "six"], "y")]),
      Ending("", .none, [Self.node("Tanh", ["scores"], "y")]),
    ]
    for ending in others {
      let network = Self.network(ending)
      let shapes = try network.shapes(inputShape: Self.picture.shape)
      #expect(network.logits(in: shapes)?.link == Network.Link.none)
    }
  }

  @Test("a binary classifier's probability is its sigmoid's; a regression has none")
  func single() throws {
    let binary = Self.network(Self.endings[3], classes: 1)
    let shapes = try binary.shapes(inputShape: Self.picture.shape)
    let one = try binary.classes(of: Self.picture, shapes: shapes, feed: .raw, threads: 1)[0]
    let plan = try binary.plan(
      inputShape: Self.picture.shape, readings: [Reading("y")], feed: .raw, threads: 1)
    let own = try plan.forward(Self.picture)[0].scalars[0]
    #expect(abs((one.probability ?? -1) - own) < 1e-6 && own != 1)
    let regression = Self.network(
      Ending("nothing", .none, [Self.node("Identity", ["scores"], "y")]), classes: 1)
    let number = try regression.classes(
      of: Self.picture, shapes: regression.shapes(inputShape: Self.picture.shape), feed: .raw,
      threads: 1)
    #expect(number.map(\.probability) == [nil])
  }

  @Test(
    "classes at steps that lie before the batch are no list of classes, and have no probability")
  func steps() throws {
    // N×7×H×W, of which rows are read one by one: a text recognizer's H×N×C.
    let network = Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 3, 6, 6])], outputs: ["y"],
        nodes: [
          Node("Conv", inputs: ["x", "w"], outputs: ["map"]),
          Node(
            "ReduceMean", inputs: ["map", "last"], outputs: ["rows"],
            attributes: ["keepdims": .int(0)]),
          Node(
            "Transpose", inputs: ["rows"], outputs: ["y"], attributes: ["perm": .ints([2, 0, 1])]),
        ],
        constants: [
          "w": Constant(Tensor([7, 3, 3, 3], repeating: 1)),
          "last": Constant(Tensor([1], [-1]), isInteger: true),
        ]))
    let shapes = try network.shapes(inputShape: [1, 3, 6, 6])
    #expect(shapes["y"] == [4, 1, 7] && network.logits(in: shapes) == nil)
    let pictures = Tensor([2, 3, 6, 6], repeating: 0.5)
    #expect(try network.probabilities(in: pictures, threads: 1) == nil)
  }
}
