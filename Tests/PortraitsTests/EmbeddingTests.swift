import Networks
import Tensors
import Testing

@testable import Portraits

/// Networks that end in an embedding, which has no classes and no probabilities.
@Suite struct EmbeddingTests {
  /// A way to end a network in 5 numbers, from `numbers`.
  struct Ending: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var nodes: [Node]
    /// The length that the numbers are brought to; nil: another normalization.
    var length: Float? = 1

    init(_ name: String, length: Float? = 1, _ nodes: [Node]) {
      (testDescription, self.nodes, self.length) = (name, nodes, length)
    }
  }

  private static func node(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
  ) -> Node {
    Node(type, name: output, inputs: inputs, outputs: [output], attributes: attributes)
  }

  private static let endings: [Ending] = [
    Ending("one node", [node("LpNormalization", ["numbers"], "y", ["axis": .int(1)])]),
    Ending(
      "F.normalize by the old exporter",
      [
        node("ReduceL2", ["numbers", "axes"], "n"), node("Clip", ["n", "tiny"], "c"),
        node("Shape", ["numbers"], "s"), node("Expand", ["c", "s"], "e"),
        node("Div", ["numbers", "e"], "y"),
      ]),
    Ending(
      "x / ‖x‖", [node("ReduceL2", ["numbers", "axes"], "n"), node("Div", ["numbers", "n"], "y")]),
    Ending(
      "x / (√Σx² + ε), a power",
      [
        node("Pow", ["numbers", "two"], "p"), node("ReduceSum", ["p", "axes"], "s"),
        node("Sqrt", ["s"], "r"), node("Add", ["r", "tiny"], "a"),
        node("Div", ["numbers", "a"], "y"),
      ]),
    Ending(
      "l2_normalize: x · 1 / √max(Σx·x, ε)",
      [
        node("Mul", ["numbers", "numbers"], "p"), node("ReduceSum", ["p", "axes"], "s"),
        node("Max", ["s", "tiny"], "m"), node("Sqrt", ["m"], "r"), node("Reciprocal", ["r"], "q"),
        node("Mul", ["numbers", "q"], "y"),
      ]),
    Ending(
      "x · (Σ|x|²)^−½, cast",
      [
        node("Cast", ["numbers"], "h", ["to": .int(1)]), node("Abs", ["h"], "b"),
        node("Pow", ["b", "two"], "p"), node("ReduceSum", ["p", "axes"], "s"),
        node("Pow", ["s", "minus half"], "q"), node("Mul", ["q", "numbers"], "y"),
      ]),
    Ending(
      "of length 64",
      length: 64,
      [
        node("ReduceSumSquare", ["numbers", "axes"], "s"), node("Sqrt", ["s"], "r"),
        node("Div", ["numbers", "r"], "d"), node("Mul", ["d", "scale"], "y"),
      ]),
    Ending(
      "of magnitudes that add up to 1", length: nil,
      [
        node("ReduceL1", ["numbers", "axes"], "n"), node("Clip", ["n", "tiny"], "c"),
        node("Div", ["numbers", "c"], "y"),
      ]),
    Ending(
      "a batch norm", length: nil,
      [node("BatchNormalization", ["numbers", "ones", "ones", "ones", "ones"], "y")]),
    Ending(
      "a layer norm by hand", length: nil,
      [
        node("ReduceMean", ["numbers", "axes"], "m"), node("Sub", ["numbers", "m"], "d"),
        node("Pow", ["d", "two"], "p"), node("ReduceMean", ["p", "axes"], "v"),
        node("Add", ["v", "tiny"], "a"), node("Sqrt", ["a"], "r"), node("Div", ["d", "r"], "q"),
        node("Mul", ["q", "ones"], "g"), node("Add", ["g", "ones"], "y"),
      ]),
  ]

  private static func network(
    _ nodes: [Node], output: String = "y", labels: [String] = []
  ) throws -> Network {
    var random = SplitMix64(seed: 3)
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, 6, 6])], outputs: [output],
        nodes: [
          node("Conv", ["x", "weights"], "edges"), node("Relu", ["edges"], "rectified"),
          node("GlobalAveragePool", ["rectified"], "pool"), node("Flatten", ["pool"], "flat"),
          node("MatMul", ["flat", "mixed"], "numbers"),
        ] + nodes,
        constants: [
          "weights": Constant(.normal([4, 3, 3, 3], using: &random)),
          "mixed": Constant(.normal([4, 5], standardDeviation: 2, using: &random)),
          "directions": Constant(.normal([5, 7], using: &random)),
          "ones": Constant(Tensor([5], repeating: 1)),
          "tiny": Constant(Tensor(1e-9)), "two": Constant(Tensor(2)),
          "minus half": Constant(Tensor(-0.5)), "scale": Constant(Tensor(64)),
          "axes": Constant(Tensor([1], [1]), isInteger: true),
        ]))
    return labels.isEmpty
      ? network : try network.overriding(metadata: ["labels": labels.joined(separator: "\n")])
  }

  private static let picture: Tensor = {
    var random = SplitMix64(seed: 8)
    return .uniform([1, 3, 6, 6], using: &random)
  }()

  private func logits(_ network: Network) throws -> Network.Logits {
    try #require(network.logits(in: network.shapes(inputShape: Self.picture.shape)))
  }

  @Test("what is brought to a length or a variance names no class", arguments: endings)
  func embedding(ending: Ending) throws {
    let network = try Self.network(ending.nodes)
    let shapes = try network.shapes(inputShape: Self.picture.shape)
    let found = try logits(network)
    #expect(found.link == .embedding && found.count == 5 && found.value == "y")
    #expect(found.probabilities([1, 0, 0, 0, 0]) == nil && !found.haveProbabilities)
    #expect(
      try network.classes(of: Self.picture, shapes: shapes, feed: .raw, threads: 1).isEmpty)
    #expect(try network.probabilities(in: Self.picture, threads: 1) == nil)
    #expect(throws: UnitError.embedding("the top class", count: 5)) {
      try network.requireClasses("the top class", in: shapes)
    }
    #expect(throws: JudgeError.noClasses(file: "")) { try Judge(network, threads: 1) }
    // Its numbers are there to be looked at, and its likeness.
    #expect(try NetworkUnit("3", in: network, shapes: shapes).kind == .logit(3))
    #expect(network.embedding(in: shapes) != nil)
    // That it is what it is taken for.
    guard let length = ending.length else { return }
    let plan = try network.plan(
      inputShape: Self.picture.shape, readings: [Reading("y")], feed: .raw, threads: 1)
    #expect(abs(try plan.forward(Self.picture)[0].norm - length) < 1e-4 * length)
  }

  @Test("labels make classes of what another normalization makes, not of what has length 1")
  func labelled() throws {
    let labels = ["a", "b", "c", "d", "e"]
    for ending in Self.endings where ending.testDescription != "of magnitudes that add up to 1" {
      let found = try logits(Self.network(ending.nodes, labels: labels))
      #expect((found.link == .embedding) == (ending.length != nil), "\(ending.testDescription)")
    }
  }

  @Test("a result that is called an embedding is one, unless labels say that it is none")
  func named() throws {
    func link(_ name: String, labels: [String] = []) throws -> Network.Link {
      try logits(
        Self.network([Self.node("Identity", ["numbers"], name)], output: name, labels: labels)
      ).link
    }
    for name in ["image_embeds", "embedding", "features", "pooler_output", "local_descriptors"] {
      #expect(
        try link(name) == .embedding && link(name, labels: ["a", "b", "c", "d", "e"]) == .none)
    }
    for name in ["y", "logits", "output", "feature_map_scores"] { #expect(try link(name) == .none) }
  }

  @Test("classes by the angle to a direction each, and shares of what is positive, are none")
  func others() throws {
    let cosines = try Self.network([
      Self.node("ReduceL2", ["numbers", "axes"], "n"), Self.node("Div", ["numbers", "n"], "d"),
      Self.node("MatMul", ["d", "directions"], "c"), Self.node("Mul", ["c", "scale"], "y"),
    ])
    #expect(try logits(cosines).link == .none)
    let shares = try Self.network([
      Self.node("Relu", ["numbers"], "r"), Self.node("ReduceL1", ["r", "axes"], "n"),
      Self.node("Div", ["r", "n"], "y"),
    ])
    #expect(try logits(shares).link == .none)
    // A length that is another value's.
    let other = try Self.network([
      Self.node("ReduceL2", ["flat", "axes"], "n"), Self.node("Div", ["numbers", "n"], "y"),
    ])
    #expect(try logits(other).link == .none)
  }
}
