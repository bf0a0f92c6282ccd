import Foundation
import Graphs
import Networks
import Tensors
import Testing

/// Results that look alike and are something else: landmarks, texts, features, sizes of things.
@Suite struct ResultKindTests {
  private func network(
    _ outputs: [String], _ nodes: [Node], shapes: [String: [Float]] = [:], labels: [String] = [],
    weights: [String: Shape] = [:], more: [String: Constant] = [:], batch: Int? = 1
  ) -> Network {
    var random = SplitMix64(seed: 3)
    var constants = shapes.mapValues { Constant(Tensor([$0.count], $0), isInteger: true) }
    for (name, shape) in weights.sorted(by: { $0.key < $1.key }) {
      constants[name] = Constant(.normal(shape, using: &random))
    }
    constants.merge(more) { $1 }
    let picture = Graph.Input(name: "x", dimensions: [batch, 3, 16, 16])
    return Network(
      graph: Graph(inputs: [picture], outputs: outputs, nodes: nodes, constants: constants),
      labels: labels)
  }

  /// A list of numbers in the shape N×K×L.
  private func list(_ count: Int, _ length: Int, labels: [String] = [], after: [Node] = [])
    -> Network
  {
    network(
      [after.last?.outputs[0] ?? "y"],
      [
        Node("GlobalAveragePool", inputs: ["x"], outputs: ["m"]),
        Node("Flatten", inputs: ["m"], outputs: ["f"]),
        Node("Gemm", inputs: ["f", "w"], outputs: ["g"]),
        Node("Reshape", inputs: ["g", "shape"], outputs: ["y"]),
      ] + after, shapes: ["shape": [1, Float(count), Float(length)]], labels: labels,
      weights: ["w": [3, count * length]])
  }

  @Test("landmarks are a list of numbers, and no detector's scores", arguments: [2, 3])
  func landmarks(length: Int) throws {
    let network = list(5, length)
    let shapes = try network.shapes(inputShape: [1, 3, 16, 16])
    let logits = try #require(network.logits(in: shapes))
    #expect(logits.value == "g" && logits.count == 5 * length && logits.link == .none)
    #expect(logits.arePoints && !logits.haveClasses && !logits.haveProbabilities)
    #expect(throws: UnitError.values("the top class", count: 5 * length)) {
      try network.requireClasses("the top class", in: shapes)
    }
    #expect(network.classScores(in: shapes) == nil)
  }

  @Test(
    "a list cut into steps has its classes behind each other, even where there are more of them than steps"
  )
  func captcha() throws {
    for labels in [[], (0..<36).map(String.init)] {
      let network = list(5, 36, labels: labels)
      let shapes = try network.shapes(inputShape: [1, 3, 16, 16])
      let scores = try #require(network.classScores(in: shapes))
      #expect(scores.task == .sequence && scores.count == 36 && scores.places == 5)
      #expect(scores.heads[0].axis == 2 && scores.scales.isEmpty)
    }
  }

  /// Steps N×T×97 of a text, as many as would make a grid, with a softmax perhaps.
  private func reader(softmax: Bool) -> Network {
    network(
      [softmax ? "p" : "y"],
      [
        Node("Reshape", inputs: ["x", "rows"], outputs: ["r"]),
        Node("Transpose", inputs: ["r"], outputs: ["t"], attributes: ["perm": .ints([0, 2, 1])]),
        Node("MatMul", inputs: ["t", "w"], outputs: ["y"]),
        Node("Softmax", inputs: ["y"], outputs: ["p"], attributes: ["axis": .int(2)]),
      ], shapes: ["rows": [1, 48, 16]], weights: ["w": [48, 97]])
  }

  @Test("a text recognizer's steps are no detector's places", arguments: [true, false])
  func text(softmax: Bool) throws {
    let network = reader(softmax: softmax)
    let shapes = try network.shapes(inputShape: [1, 3, 16, 16])
    let scores = try #require(network.classScores(in: shapes))
    #expect(scores.task == .sequence && scores.count == 97 && scores.places == 16)
    #expect(scores.link == (softmax ? .softmax : .none))
    // A sign more than labels is no class for nothing at the end: it may stand before them.
    #expect(network.labelled((0..<96).map(String.init)).classScores(in: shapes) == nil)
  }

  @Test(
    "steps before the pictures of a batch are steps, each picture's its own",
    arguments: [true, false], [1, 2])
  func stepsFirst(softmax: Bool, batch: Int) throws {
    let network = network(
      [softmax ? "p" : "y"],
      [
        Node("Reshape", inputs: ["x", "rows"], outputs: ["r"]),
        Node("Transpose", inputs: ["r"], outputs: ["t"], attributes: ["perm": .ints([2, 0, 1])]),
        Node("MatMul", inputs: ["t", "w"], outputs: ["y"]),
        Node("Softmax", inputs: ["y"], outputs: ["p"], attributes: ["axis": .int(2)]),
      ], shapes: ["rows": [0, 48, 16]], weights: ["w": [48, 9]],
      batch: nil)
    let input: Shape = [batch, 3, 16, 16]
    let shapes = try network.shapes(inputShape: [1, 3, 16, 16])
    #expect(shapes["y"] == [16, 1, 9])
    let scores = try #require(network.classScores(in: shapes))
    #expect(scores.task == .sequence && scores.count == 9 && scores.places == 16)
    #expect(scores.link == (softmax ? .softmax : .none))
    var random = SplitMix64(seed: 5)
    let x = Tensor.normal(input, using: &random)
    let plan = try network.plan(
      inputShape: input, readings: [Reading(.value("y"))], feed: .raw, threads: 1)
    let y = try plan.forward(x)[0]
    // Steps × pictures × classes, read by hand.
    let expected = (0..<batch).flatMap { n in (0..<16).map { y[$0, n, 4] } }
    #expect(scores.scores(of: 4, in: [y]) == expected)
  }

  @Test("a result without axes is one number, and is read as such", arguments: [true, false])
  func withoutAxes(isSigmoid: Bool) throws {
    let network = network(
      ["y"],
      [
        Node("GlobalAveragePool", inputs: ["x"], outputs: ["g"]),
        Node("Flatten", inputs: ["g"], outputs: ["f"]),
        Node("MatMul", inputs: ["f", "w"], outputs: ["m"]),
        Node("Squeeze", inputs: ["m"], outputs: [isSigmoid ? "s" : "y"]),
        Node("Sigmoid", inputs: ["s"], outputs: ["y"]),
      ].prefix(isSigmoid ? 5 : 4).map(\.self), weights: ["w": [3, 1]])
    let shapes = try network.shapes(inputShape: [1, 3, 16, 16])
    #expect(shapes["y"] == [])
    let logits = try #require(network.logits(in: shapes))
    #expect(logits.count == 1 && logits.link == (isSigmoid ? .sigmoid : .none))
    var random = SplitMix64(seed: 5)
    let x = Tensor.normal([1, 3, 16, 16], using: &random)
    for source in [Reading.Source.logits, .value("y")] {
      let plan = try network.plan(
        inputShape: x.shape, readings: [Reading(source, channels: [0])], feed: .raw, threads: 1)
      let weights = network.graph.constants["w"]?.tensor.scalars ?? []
      // The mean of each channel times its weight, as by its definition.
      let sum = (0..<3).reduce(0.0) { sum, channel in
        let mean =
          x.scalars[256 * channel..<256 * (channel + 1)].reduce(0.0) { $0 + Double($1) } / 256
        return sum + mean * Double(weights[channel])
      }
      let isShare = isSigmoid && source != .logits
      let value = try plan.forward(x)[0]
      #expect(value.shape == [1, 1])
      #expect(
        abs(Double(value.scalars[0]) - (isShare ? 1 / (1 + Foundation.exp(-sum)) : sum)) < 1e-5)
      let gradient = try plan.backward([Tensor([1, 1], repeating: 1)])
      #expect(gradient.norm > 0)
    }
  }

  @Test("a softmax written out with stretches of its own, as JAX does, is one")
  func stretchedSoftmax() throws {
    let network = network(
      ["p"],
      [
        Node("GlobalAveragePool", inputs: ["x"], outputs: ["g"]),
        Node("Flatten", inputs: ["g"], outputs: ["f"]),
        Node("MatMul", inputs: ["f", "w"], outputs: ["z"]),
        Node(
          "ReduceMax", inputs: ["z"], outputs: ["m"],
          attributes: ["axes": .ints([1]), "keepdims": .int(0)]),
        Node("Max", inputs: ["least", "m"], outputs: ["n"]),
        Node("Reshape", inputs: ["n", "column"], outputs: ["nc"]),
        Node("Expand", inputs: ["nc", "row"], outputs: ["ne"]),
        Node("Sub", inputs: ["z", "ne"], outputs: ["d"]),
        Node("Exp", inputs: ["d"], outputs: ["e"]),
        Node(
          "ReduceSum", inputs: ["e", "axes"], outputs: ["s"], attributes: ["keepdims": .int(0)]),
        Node("Reshape", inputs: ["s", "column"], outputs: ["sc"]),
        Node("Expand", inputs: ["sc", "row"], outputs: ["se"]),
        Node("Div", inputs: ["e", "se"], outputs: ["p"]),
      ], shapes: ["column": [1, 1], "row": [1, 5], "axes": [1]], weights: ["w": [3, 5]],
      more: ["least": Constant(Tensor(-.infinity))])
    let shapes = try network.shapes(inputShape: [1, 3, 16, 16])
    let logits = try #require(network.logits(in: shapes))
    #expect(logits.value == "z" && logits.link == .softmax && logits.count == 5)
  }

  @Test(
    "features are no scores: behind a rectifier, gated, or smaller and deeper from map to map",
    arguments: ["Relu", "Swish", "gate", "pyramid"])
  func features(kind: String) throws {
    let conv = { (input: String, weight: String, output: String) in
      Node(
        "Conv", inputs: [input, weight], outputs: [output], attributes: ["strides": .ints([4, 4])])
    }
    let nodes: [Node]
    var outputs = ["y"]
    switch kind {
    case "Relu":
      nodes = [conv("x", "a", "c"), Node("Relu", inputs: ["c"], outputs: ["y"])]
    case "Swish":
      nodes = [
        conv("x", "a", "c"), Node("Sigmoid", inputs: ["c"], outputs: ["s"]),
        Node("Mul", inputs: ["c", "s"], outputs: ["y"]),
      ]
    case "gate":
      nodes = [
        conv("x", "a", "c"), Node("GlobalAveragePool", inputs: ["c"], outputs: ["m"]),
        Node("Sigmoid", inputs: ["m"], outputs: ["s"]),
        Node("Mul", inputs: ["c", "s"], outputs: ["y"]),
      ]
    default:
      nodes = [
        conv("x", "a", "c"),
        Node("Conv", inputs: ["c", "b"], outputs: ["d"], attributes: ["strides": .ints([2, 2])]),
      ]
      outputs = ["c", "d"]
    }
    let network = network(outputs, nodes, weights: ["a": [6, 3, 1, 1], "b": [12, 6, 1, 1]])
    let shapes = try network.shapes(inputShape: [1, 3, 16, 16])
    #expect(network.classScores(in: shapes) == nil)
  }

  @Test(
    "a class for nothing comes before those that labels name where convolutions score anchors, and a map has none"
  )
  func nothing() throws {
    let nodes = [
      Node("Conv", inputs: ["x", "a"], outputs: ["c"], attributes: ["strides": .ints([4, 4])]),
      Node("Transpose", inputs: ["c"], outputs: ["t"], attributes: ["perm": .ints([0, 2, 3, 1])]),
      Node("Reshape", inputs: ["t", "rows"], outputs: ["s"]),
      Node("Softmax", inputs: ["s"], outputs: ["scores"], attributes: ["axis": .int(2)]),
      Node("Conv", inputs: ["x", "b"], outputs: ["d"], attributes: ["strides": .ints([4, 4])]),
      Node("Reshape", inputs: ["d", "four"], outputs: ["boxes"]),
    ]
    func scores(_ outputs: [String], labels: Int) throws -> ClassScores? {
      let network = network(
        outputs, nodes, shapes: ["rows": [1, 32, 6], "four": [1, 32, 4]],
        labels: (0..<labels).map(String.init), weights: ["a": [12, 3, 1, 1], "b": [8, 3, 1, 1]])
      return network.classScores(in: try network.shapes(inputShape: [1, 3, 16, 16]))
    }
    let anchors = try #require(try scores(["boxes", "scores"], labels: 5))
    #expect(anchors.count == 5 && anchors.heads[0].first == 1 && anchors.link == .softmax)
    #expect(anchors.guess == "the first of 6 numbers is taken for nothing")
    #expect(try scores(["boxes", "scores"], labels: 6)?.heads[0].first == 0)
    #expect(try scores(["c"], labels: 12)?.count == 12)
    #expect(try scores(["c"], labels: 11) == nil)
  }

  @Test("an embedding stands in no list of classes' way, nor in a map's of its own")
  func beside() throws {
    let nodes = [
      Node("GlobalAveragePool", inputs: ["x"], outputs: ["p"]),
      Node("Flatten", inputs: ["p"], outputs: ["f"]),
      Node("LpNormalization", inputs: ["f"], outputs: ["emb"], attributes: ["axis": .int(1)]),
      Node("MatMul", inputs: ["f", "w"], outputs: ["m"]),
    ]
    for (outputs, expected) in [(["emb", "m"], "m"), (["m", "emb"], "m"), (["emb", "p"], "emb")] {
      let network = network(outputs, nodes, weights: ["w": [3, 6]])
      let logits = network.logits(in: try network.shapes(inputShape: [1, 3, 16, 16]))
      #expect(logits?.value == expected)
    }
  }

  @Test(
    "numbers of one sign over their sum are shares, and no embedding", arguments: [true, false])
  func shares(isRectified: Bool) throws {
    let network = network(
      ["y"],
      [
        Node("GlobalAveragePool", inputs: ["x"], outputs: ["p"]),
        Node("Flatten", inputs: ["p"], outputs: ["f"]),
        Node("Relu", inputs: ["f"], outputs: ["r"]),
        Node(
          "LpNormalization", inputs: [isRectified ? "r" : "f"], outputs: ["y"],
          attributes: ["axis": .int(1), "p": .int(1)]),
      ])
    let logits = network.logits(in: try network.shapes(inputShape: [1, 3, 16, 16]))
    #expect(logits?.isEmbedding == !isRectified)
  }

  @Test("a single number without axes is no scores")
  func number() throws {
    let network = network(
      ["map", "y"],
      [
        Node(
          "Conv", inputs: ["x", "a"], outputs: ["map"], attributes: ["strides": .ints([4, 4])]),
        Node("ReduceMean", inputs: ["map"], outputs: ["y"], attributes: ["keepdims": .int(0)]),
      ], weights: ["a": [6, 3, 1, 1]])
    let shapes = try network.shapes(inputShape: [1, 3, 16, 16])
    #expect(shapes["y"] == [] && network.classScores(in: shapes)?.heads.map(\.value) == ["map"])
  }

  @Test("scores of points beside sizes and offsets are a detector's, and alone a segmenter's")
  func points() throws {
    let nodes = [
      Node("Conv", inputs: ["x", "a"], outputs: ["h"], attributes: ["strides": .ints([4, 4])]),
      Node("Sigmoid", inputs: ["h"], outputs: ["heat"]),
      Node("Conv", inputs: ["x", "b"], outputs: ["size"], attributes: ["strides": .ints([4, 4])]),
      Node(
        "Conv", inputs: ["x", "c"], outputs: ["offset"], attributes: ["strides": .ints([4, 4])]),
    ]
    func task(_ outputs: [String]) throws -> ClassScores.Task? {
      let network = network(
        outputs, nodes, weights: ["a": [6, 3, 1, 1], "b": [2, 3, 1, 1], "c": [2, 3, 1, 1]])
      let scores = network.classScores(in: try network.shapes(inputShape: [1, 3, 16, 16]))
      #expect(scores?.heads.map(\.value) == ["h"] && scores?.count == 6)
      return scores?.task
    }
    #expect(try task(["heat", "size", "offset"]) == .detection)
    #expect(try task(["size", "offset", "heat"]) == .detection)
    #expect(try task(["heat"]) == .segmentation)
  }
}
