import Graphs
import Tensors
import Testing

@testable import Networks

/// Which of several results the classes are, and numbers of which there is one for each place.
@Suite struct ResultChoiceTests {
  private static func node(
    _ type: String, _ inputs: [String], _ outputs: [String],
    _ attributes: [String: Attribute] = [:]
  ) -> Node {
    Node(
      type, name: "node \(outputs.last ?? "")", inputs: inputs, outputs: outputs,
      attributes: attributes)
  }

  private static func integers(_ values: [Float]) -> Constant {
    Constant(Tensor([values.count], values), isInteger: true)
  }

  /// Pictures of 3×4×6, as a map of 4 channels `map`, their means `pool` and 24 steps of 3 numbers `steps`, and what some
  /// nodes make of these.
  private static func network(
    _ outputs: [String], _ nodes: [Node], _ constants: [String: Constant] = [:], labels: Int = 0
  ) -> Network {
    var random = SplitMix64(seed: 5)
    let own: [String: Constant] = [
      "w": Constant(.normal([4, 3, 1, 1], using: &random)), "rows": integers([1, 3, 24]),
      "five": Constant(.normal([4, 5], using: &random)),
      "three": Constant(.normal([4, 3], using: &random)),
      "one": Constant(.normal([3, 1], using: &random)), "two": Constant(Tensor([1], [2])),
      "first": integers([1]), "last": integers([2]),
      "lw": Constant(.normal([1, 16, 3], using: &random)),
      "lr": Constant(.normal([1, 16, 4], using: &random)),
    ]
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 4, 6])], outputs: outputs,
        nodes: [
          node("Conv", ["x", "w"], ["c"]), node("Relu", ["c"], ["map"]),
          node("GlobalAveragePool", ["map"], ["p"]), node("Flatten", ["p"], ["pool"]),
          node("Reshape", ["x", "rows"], ["r"]),
          node("Transpose", ["r"], ["steps"], ["perm": .ints([0, 2, 1])]),
        ] + nodes, constants: own.merging(constants) { $1 })
    ).labelled((0..<labels).map { "label \($0)" })
  }

  // MARK: Several results

  /// A recurrent layer over the steps, with its end as a list and five classes `k` of that.
  private static let layer = [
    node("Transpose", ["steps"], ["t"], ["perm": .ints([1, 0, 2])]),
    node("LSTM", ["t", "lw", "lr"], ["y", "hn", "cn"], ["hidden_size": .int(4)]),
    node("Squeeze", ["hn", "zero"], ["end"]), node("MatMul", ["end", "five"], ["k"]),
  ]
  private static let zero = ["zero": integers([0])]

  @Test(
    "a recurrent layer's states are no classes, whatever they are called",
    arguments: [
      (["hn", "k"], []), (["hn", "cn", "k"], []),
      (["a", "k"], [node("Identity", ["hn"], ["a"])]),
      (["a", "k"], [node("Mul", ["cn", "two"], ["a"])]),
      (["a", "k"], [node("Concat", ["hn", "cn"], ["a"], ["axis": .int(0)])]),
      (["new_cache", "k"], [node("Add", ["map", "map"], ["new_cache"])]),
      (["h_n", "k"], [node("MatMul", ["pool", "three"], ["h_n"])]),
      (["present.0.key", "k"], [node("MatMul", ["pool", "three"], ["present.0.key"])]),
    ] as [([String], [Node])])
  func states(_ outputs: [String], _ nodes: [Node]) throws {
    let network = Self.network(outputs, Self.layer + nodes, Self.zero)
    let shapes = try network.shapes(inputShape: [1, 3, 4, 6])
    let logits = try #require(network.logits(in: shapes))
    #expect(logits.value == "k" && logits.count == 5)
    let results = try network.outputs(inputShape: [1, 3, 4, 6])
    #expect(results.filter(\.areLogits).map(\.name) == ["k"])
  }

  @Test("what is called a state is one where an input is called so", arguments: [false, true])
  func pairedNames(isFed: Bool) throws {
    var network = Self.network(
      ["eye_state", "b"],
      [
        Self.node("MatMul", ["pool", "three"], ["eye_state"]),
        Self.node("MatMul", ["pool", "five"], ["b"]),
      ])
    if isFed { network.graph.inputs.append(.init(name: "state", dimensions: [1, 3])) }
    #expect(network.logitsOutput == (isFed ? 1 : 0))
  }

  @Test("what has nothing but states ends in the first")
  func onlyStates() throws {
    let network = Self.network(["hn", "cn"], Self.layer, Self.zero)
    #expect(network.logitsOutput == 0)
  }

  @Test(
    "features on the way to classes are none, but what is called classes is, and one of two heads",
    arguments: [
      ("map", "k", 1), ("pool", "k", 1), ("tokens", "k", 1), ("logits", "k", 0), ("other", "k", 0),
      ("probabilities", "k", 0),
    ])
  func features(_ first: String, _ second: String, _ chosen: Int) throws {
    let network = Self.network(
      [first, second],
      [
        Self.node("Transpose", ["map"], ["tokens"], ["perm": .ints([0, 2, 3, 1])]),
        Self.node("Identity", ["pool"], ["logits"]),
        Self.node("MatMul", ["pool", "three"], ["other"]),
        Self.node("Softmax", ["pool"], ["probabilities"]),
        Self.node("MatMul", [first == "logits" ? "logits" : "pool", "five"], ["k"]),
      ])
    #expect(network.logitsOutput == chosen)
  }

  @Test(
    "of two lists the one with as many numbers as labels",
    arguments: [(0, "three"), (3, "three"), (5, "five"), (4, "three")])
  func labels(_ count: Int, _ list: String) throws {
    let network = Self.network(
      ["a", "b"],
      [
        Self.node("MatMul", ["pool", "three"], ["a"]),
        Self.node("MatMul", ["pool", "five"], ["b"]),
      ], labels: count)
    #expect(network.logitsOutput == (list == "three" ? 0 : 1))
  }

  // MARK: One number a place

  /// How one number for each step or pixel is written, ending in `y`.
  private static let heads: [(name: String, nodes: [Node], places: Int)] = [
    ("N×T×1", [node("MatMul", ["steps", "one"], ["v"]), node("Sigmoid", ["v"], ["y"])], 24),
    (
      "N×T behind the sigmoid",
      [
        node("MatMul", ["steps", "one"], ["v"]), node("Sigmoid", ["v"], ["s"]),
        node("Squeeze", ["s", "last"], ["y"]),
      ], 24
    ),
    (
      "N×T before the sigmoid",
      [
        node("MatMul", ["steps", "one"], ["v"]), node("Squeeze", ["v", "last"], ["s"]),
        node("Sigmoid", ["s"], ["y"]),
      ], 24
    ),
    (
      "N×1×T without its channel",
      [
        node("Conv", ["r", "cw"], ["v"]), node("Squeeze", ["v", "first"], ["s"]),
        node("Sigmoid", ["s"], ["y"]),
      ], 24
    ),
    (
      "N×H×W",
      [
        node("Conv", ["x", "cw2"], ["v"]), node("Squeeze", ["v", "first"], ["s"]),
        node("Sigmoid", ["s"], ["y"]),
      ], 24
    ),
  ]

  private static func network(_ head: Int, labels: Int = 0) -> Network {
    var random = SplitMix64(seed: 6)
    return network(
      ["y"], heads[head].nodes,
      [
        "cw": Constant(.normal([1, 3, 1], using: &random)),
        "cw2": Constant(.normal([1, 3, 1, 1], using: &random)),
      ], labels: labels)
  }

  @Test("one number for each place is one class, not as many as places", arguments: heads.indices)
  func places(_ head: Int) throws {
    let network = Self.network(head)
    let shapes = try network.shapes(inputShape: [1, 3, 4, 6])
    #expect(network.logits(in: shapes) == nil)
    let scores = try #require(network.classScores(in: shapes))
    #expect(scores.count == 1 && scores.places == Self.heads[head].places)
    #expect(scores.heads[0].value == "v" && scores.link == .sigmoid)
    #expect(scores.task == (head == 4 ? .segmentation : .sequence))
  }

  @Test("as many labels as places are of classes", arguments: [0, 1, 2, 3])
  func labelledPlaces(_ head: Int) throws {
    let network = Self.network(head, labels: 24)
    let logits = try #require(network.logits(in: network.shapes(inputShape: [1, 3, 4, 6])))
    #expect(logits.count == 24 && logits.link == .sigmoid)
  }
}
