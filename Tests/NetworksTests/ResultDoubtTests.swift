import Graphs
import Tensors
import Testing

@testable import Networks

/// Results that pass for probabilities or classes and are none.
@Suite struct ResultDoubtTests {
  private static func node(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
  ) -> Node {
    Node(type, name: output, inputs: inputs, outputs: [output], attributes: attributes)
  }

  private static func integers(_ values: [Float]) -> Constant {
    Constant(Tensor([values.count], values), isInteger: true)
  }

  /// Pictures of 3×32×32; a list of 4 numbers `list`, one of 10 `ten`, a map of 5 classes at a quarter of the side `map`,
  /// one of 3 channels of the picture's size `again`, and what some nodes make of these.
  private static func network(_ outputs: [String], _ nodes: [Node]) -> Network {
    var random = SplitMix64(seed: 5)
    let constants: [String: Constant] = [
      "wm": Constant(.normal([5, 3, 1, 1], using: &random)),
      "wa": Constant(.normal([3, 3, 1, 1], using: &random)),
      "wb": Constant(.normal([2, 3, 1, 1], using: &random)),
      "w4": Constant(.normal([3, 4], using: &random)),
      "w10": Constant(.normal([3, 10], using: &random)),
      "wp": Constant(.normal([4, 3072], using: &random)), "ten times": Constant(Tensor(10)),
      "hundred": Constant(Tensor(100)), "five points": integers([1, 5, 2]),
      "places": integers([1, 64, 5]), "least": integers([1]),
      "end": integers([-1]),
      "before": integers([-100]), "one": integers([1]), "two": Constant(Tensor(2)),
    ]
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 32, 32])], outputs: outputs,
        nodes: [
          node(
            "AveragePool", ["x"], "small",
            ["kernel_shape": .ints([4, 4]), "strides": .ints([4, 4])]),
          node("Conv", ["small", "wm"], "map"), node("Conv", ["small", "wb"], "size"),
          node("Conv", ["small", "wb"], "offset"), node("Conv", ["x", "wa"], "again"),
          node("GlobalAveragePool", ["x"], "p"), node("Flatten", ["p"], "f"),
          node("Gemm", ["f", "w4"], "list"), node("Gemm", ["f", "w10"], "ten"),
        ] + nodes, constants: constants))
  }

  private static func logits(_ network: Network) throws -> Network.Logits {
    let shapes = try network.shapes(inputShape: [1, 3, 32, 32])
    return try #require(network.logits(in: shapes))
  }

  private static func scores(_ network: Network) throws -> ClassScores {
    let shapes = try network.shapes(inputShape: [1, 3, 32, 32])
    return try #require(network.classScores(in: shapes))
  }

  @Test(
    "the largest of what a layer yields is a class of a softmax",
    arguments: [
      [node("ArgMax", ["list"], "y", ["axis": .int(1)])],
      [node("Mul", ["list", "two"], "a"), node("ArgMax", ["a"], "y", ["axis": .int(1)])],
      [node("Neg", ["list"], "a"), node("ArgMax", ["a"], "y", ["axis": .int(1)])],
      [node("Add", ["list", "list"], "a"), node("ArgMax", ["a"], "y", ["axis": .int(1)])],
    ])
  func choices(_ nodes: [Node]) throws {
    let logits = try Self.logits(Self.network(["y"], nodes))
    #expect(logits.kind == .classes && logits.haveProbabilities && logits.guess == nil)
  }

  @Test(
    "the largest of a distance, and the smallest of anything, are classes without probabilities",
    arguments: [
      [
        node("Abs", ["list"], "b"), node("Neg", ["b"], "a"),
        node("ArgMax", ["a"], "y", ["axis": .int(1)]),
      ],
      [node("Mul", ["list", "list"], "a"), node("ArgMax", ["a"], "y", ["axis": .int(1)])],
      [node("Sqrt", ["list"], "a"), node("ArgMin", ["a"], "y", ["axis": .int(1)])],
      [node("ArgMin", ["list"], "y", ["axis": .int(1)])],
      [
        Node(
          "TopK", inputs: ["list", "least"], outputs: ["v", "y"],
          attributes: ["axis": .int(1), "largest": .int(0)])
      ],
    ])
  func distances(_ nodes: [Node]) throws {
    let logits = try Self.logits(Self.network(["y"], nodes))
    #expect(logits.kind == .classes && !logits.haveProbabilities)
    #expect(logits.probabilities([3, 1, 2, 0]) == nil)
    #expect(try #require(logits.guess).contains("no probabilities made of them"))
  }

  @Test(
    "of the smallest no probabilities are made, whatever is said; of the largest, where it is said")
  func remedies() throws {
    let least = Self.network(["y"], [Self.node("ArgMin", ["list"], "y", ["axis": .int(1)])])
    let largest = Self.network(
      ["y"],
      [
        Self.node("Mul", ["list", "list"], "a"),
        Self.node("ArgMax", ["a"], "y", ["axis": .int(1)]),
      ])
    for (network, remedy) in [(least, Network.Remedy.none), (largest, .kind)] {
      #expect(try Self.logits(network).remedy == remedy && network.remedy == remedy)
      let labelled = try Self.logits(network.labelled(["a", "b", "c", "d"]))
      #expect(labelled.remedy == remedy && !labelled.haveProbabilities)
      let said = try Self.logits(network.overriding(metadata: ["output.kind": "classes"]))
      #expect(said.haveProbabilities == (remedy == .kind))
    }
  }

  @Test(
    "what is made of probabilities alone and stays within 0…1 is one as it is",
    arguments: [
      [
        node("Softmax", ["list"], "s", ["axis": .int(1)]),
        node("Slice", ["s", "end", "before", "one", "end"], "y"),
      ],
      [
        node("Softmax", ["list"], "s", ["axis": .int(1)]), node("Pow", ["s", "two"], "q"),
        node("ReduceSum", ["q", "one"], "t"), node("Div", ["q", "t"], "y"),
      ],
      [
        node("Sigmoid", ["steps"], "s"),
        node("ReduceMean", ["s"], "y", ["axes": .ints([1]), "keepdims": .int(0)]),
      ],
    ])
  func shares(_ nodes: [Node]) throws {
    let logits = try Self.logits(
      Self.network(["y"], [Self.node("Reshape", ["ten", "five points"], "steps")] + nodes))
    #expect(logits.link == .own && logits.kind == .classes && logits.guess == nil)
    #expect(logits.probabilities([0.25, 0.5]) == [0.25, 0.5])
  }

  @Test("points are none of classes on either side of a sigmoid")
  func points() throws {
    for nodes in [
      [Self.node("Sigmoid", ["ten"], "s"), Self.node("Reshape", ["s", "five points"], "y")],
      [Self.node("Reshape", ["ten", "five points"], "s"), Self.node("Sigmoid", ["s"], "y")],
    ] {
      let logits = try Self.logits(Self.network(["y"], nodes))
      #expect(logits.arePoints && !logits.haveProbabilities && logits.count == 10)
      #expect(logits.value == "ten")
    }
  }

  @Test("a sigmoid times ten is a map of no classes, times a hundred one in percent")
  func scaled() throws {
    func network(_ factor: String) -> Network {
      Self.network(
        ["y"], [Self.node("Sigmoid", ["map"], "s"), Self.node("Mul", ["s", factor], "y")])
    }
    #expect(try Self.scores(network("hundred")).link == .sigmoid)
    let depth = network("ten times")
    #expect(depth.classScores(in: try depth.shapes(inputShape: [1, 3, 32, 32])) == nil)
  }

  @Test("a map of the picture's own channels and size may be a picture")
  func pictures() throws {
    let sigmoid = Self.network(["y"], [Self.node("Sigmoid", ["again"], "y")])
    let scores = try Self.scores(sigmoid)
    #expect(scores.link == .none && scores.task == .segmentation)
    #expect(try #require(scores.guess).contains("no probabilities made of them"))
    // What is called a mask is one.
    let mask = Self.network(["mask"], [Self.node("Sigmoid", ["again"], "mask")])
    #expect(try Self.scores(mask).link == .sigmoid)
    #expect(try Self.scores(sigmoid.labelled(["a", "b", "c"])).link == .sigmoid)
  }

  @Test(
    "of a map that is like the picture the file's name is believed where it has one channel",
    arguments: [
      ("unet.onnx", 1, .sigmoid), ("lung-seg.onnx", 1, .sigmoid),
      ("deblur.onnx", 1, .none), ("deblur_unet.onnx", 3, .none), ("seg.onnx", 3, .none),
    ] as [(String, Int, Network.Link)])
  func fileNames(_ file: String, _ channels: Int, _ link: Network.Link) throws {
    var random = SplitMix64(seed: 5)
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [1, channels, 32, 32])], outputs: ["y"],
      nodes: [Self.node("Conv", ["x", "w"], "c"), Self.node("Sigmoid", ["c"], "y")],
      constants: ["w": Constant(.normal([channels, channels, 1, 1], using: &random))])
    let network = Network(
      graph: graph, layers: [], labels: [], preprocessing: nil, metadata: [:], producer: "",
      opset: 18, path: "models/\(file)", sha256: "")
    let shapes = try network.shapes(inputShape: [1, channels, 32, 32])
    let scores = try #require(network.classScores(in: shapes))
    #expect(scores.link == link && scores.count == channels)
    #expect((scores.guess == nil) == (link == .sigmoid))
  }

  @Test(
    "beside a score for each place, four numbers are a box decoded or not, but where they are said to be classes",
    arguments: [
      (["boxes", "corners", "scores"], 0, false, 1), (["loc", "decoded", "conf"], 0, false, 1),
      (["a", "b", "c"], 0, false, 1), (["a", "b", "c"], 4, false, 4),
      (["a", "b", "c"], 0, true, 4), (["cls_logits", "bbox", "centerness"], 0, false, 4),
      (["scores", "reg", "c"], 0, false, 4),
    ] as [([String], Int, Bool, Int)])
  func foursBesideOne(
    _ results: [String], _ labels: Int, _ areDistances: Bool, _ count: Int
  ) throws {
    var random = SplitMix64(seed: 5)
    var (nodes, constants): ([Node], [String: Constant]) = ([], [:])
    for (name, width) in zip(results, [4, 4, 1]) {
      constants["w \(name)"] = Constant(.normal([width, 3, 1, 1], using: &random))
      constants["rows \(name)"] = Self.integers([1, Float(width), 64])
      let isDistance = areDistances && name == results[1]
      nodes += [
        Self.node("Conv", ["small", "w \(name)"], "map \(name)"),
        Self.node(isDistance ? "Relu" : "Identity", ["map \(name)"], "own \(name)"),
        Self.node("Reshape", ["own \(name)", "rows \(name)"], "turned \(name)"),
        Self.node("Transpose", ["turned \(name)"], name, ["perm": .ints([0, 2, 1])]),
      ]
    }
    var graph = Self.network(results, nodes).graph
    graph.constants.merge(constants) { $1 }
    let scores = try Self.scores(
      Network(graph: graph).labelled((0..<labels).map { "label \($0)" }))
    #expect(scores.task == .detection && scores.count == count && scores.places == 64)
    #expect(scores.guess == nil)
  }

  @Test(
    "a map that is handed out place by place behind a sigmoid may be a detector's, and that is said"
  )
  func unrolledSigmoid() throws {
    let rows = [
      Self.node("Reshape", ["map", "rows"], "r"),
      Self.node("Transpose", ["r"], "t", ["perm": .ints([0, 2, 1])]),
    ]
    func network(_ output: String, _ nodes: [Node]) -> Network {
      var graph = Self.network([output], rows + nodes).graph
      graph.constants["rows"] = Self.integers([1, 5, 64])
      return Network(graph: graph)
    }
    let sigmoid = network("y", [Self.node("Sigmoid", ["t"], "y")])
    #expect(try #require(try Self.scores(sigmoid).guess).contains("place by place"))
    #expect(try Self.scores(sigmoid.labelled(["a", "b", "c", "d", "e"])).guess == nil)
    let softmax = network("y", [Self.node("Softmax", ["t"], "y", ["axis": .int(2)])])
    #expect(try Self.scores(softmax).guess == nil)
    let mask = network("mask", [Self.node("Sigmoid", ["t"], "mask")])
    #expect(try Self.scores(mask).guess == nil)
  }

  @Test("an autoencoder's result is its code, not the picture made again")
  func codes() throws {
    let again = Self.node("Gemm", ["list", "wp"], "r")
    #expect(Self.network(["list", "r"], [again]).logitsOutput == 0)
    #expect(Self.network(["r", "list"], [again]).logitsOutput == 1)
    // Ten classes of four features.
    let classes = Self.network(["list", "ten"], [])
    #expect(classes.logitsOutput == 0)
  }

  @Test("a segmenter's map whose rows follow each other is a map")
  func unrolled() throws {
    let turned = Self.node("Transpose", ["map"], "t", ["perm": .ints([0, 2, 3, 1])])
    let network = Self.network(
      ["y"],
      [
        turned, Self.node("Reshape", ["t", "places"], "r"),
        Self.node("Softmax", ["r"], "y", ["axis": .int(2)]),
      ])
    let scores = try Self.scores(network)
    #expect(scores.task == .segmentation && scores.link == .softmax && scores.count == 5)
    #expect(scores.heads.map(\.value) == ["t"] && scores.heads[0].axis == 3)
    // With a box for each place it is a detector's.
    let boxes = Self.network(
      ["y", "b"],
      [
        turned, Self.node("Reshape", ["t", "places"], "r"),
        Self.node("Softmax", ["r"], "y", ["axis": .int(2)]),
        Self.node("Slice", ["r", "zero", "four", "last"], "b"),
      ])
    var graph = boxes.graph
    graph.constants["zero"] = Self.integers([0])
    graph.constants["four"] = Self.integers([4])
    graph.constants["last"] = Self.integers([2])
    #expect(try Self.scores(Network(graph: graph)).task == .detection)
  }

  @Test("volumes and signals have a score at each voxel or step, and no boxes")
  func volumes() throws {
    var random = SplitMix64(seed: 2)
    for (extents, weights, task, places) in [
      ([1, 1, 4, 8, 8], [3, 1, 1, 1, 1], .segmentation, 256),
      ([1, 2, 64], [4, 2, 1], .sequence, 64),
    ] as [([Int], Shape, ClassScores.Task, Int)] {
      let network = Network(
        graph: Graph(
          inputs: [.init(name: "x", dimensions: extents)], outputs: ["y"],
          nodes: [Self.node("Conv", ["x", "w"], "y")],
          constants: ["w": Constant(.normal(weights, using: &random))])
      ).takingPictures()
      let shapes = try network.shapes(inputShape: network.inputShape())
      let scores = try #require(network.classScores(in: shapes))
      #expect(scores.task == task && scores.count == weights[0] && scores.places == places)
      #expect(scores.objectness.isEmpty && scores.scales.isEmpty)
    }
  }

  @Test("a heat map of which only the peaks are kept has boxes beside it all the same")
  func peaks() throws {
    let network = Self.network(
      ["y", "size", "offset"],
      [
        Self.node("Sigmoid", ["map"], "s"),
        Self.node(
          "MaxPool", ["s"], "m", ["kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1])]),
        Self.node("Equal", ["m", "s"], "e"), Self.node("Cast", ["e"], "k", ["to": .int(1)]),
        Self.node("Mul", ["s", "k"], "y"),
      ])
    let scores = try Self.scores(network)
    #expect(scores.task == .detection && scores.count == 5 && scores.places == 64)
    #expect(scores.link == .sigmoid)
  }
}
