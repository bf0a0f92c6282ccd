import Graphs
import Networks
import ONNX
import Tensors
import TestSupport
import Testing

/// What lists of numbers are taken for by what their files say: the table of cases.
@Suite struct NumberKindTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var count: Int
    var output = "y"
    var weights = "w"
    /// What stands behind the product, with `y` as its result.
    var after: [String] = []
    var labels = 0
    var metadata: String?
    let kind: NumberKind
    /// Whether nothing says it.
    var isGuess = false
    var haveProbabilities = false

    init(
      _ name: String, _ count: Int, _ kind: NumberKind, output: String = "y", weights: String = "w",
      after: [String] = [], labels: Int = 0, metadata: String? = nil, isGuess: Bool = false,
      percent: Bool = false
    ) {
      (testDescription, self.count, self.kind) = (name, count, kind)
      (self.output, self.weights, self.after) = (output, weights, after)
      (self.labels, self.metadata) = (labels, metadata)
      (self.isGuess, haveProbabilities) = (isGuess, percent)
    }
  }

  private static let cases: [Case] = [
    // Said.
    Case("labels", 512, .classes, labels: 512, percent: true),
    Case("a softmax", 512, .classes, after: ["Softmax"], percent: true),
    Case("a sigmoid", 7, .classes, after: ["Sigmoid"], percent: true),
    Case("the largest is searched", 7, .classes, after: ["ArgMax"], percent: true),
    Case("a result called logits", 768, .classes, output: "logits", percent: true),
    Case("a result called class_logits", 768, .classes, output: "class_logits", percent: true),
    Case("weights of a classifier", 7, .classes, weights: "classifier.1.weight", percent: true),
    Case("as many as ImageNet has", 1000, .classes, percent: true),
    Case("as many as ImageNet's 21,841", 21_841, .classes, percent: true),
    Case("length 1", 5, .embedding, after: ["LpNormalization"]),
    Case("length 1, with labels", 5, .embedding, after: ["LpNormalization"], labels: 5),
    Case("a layer norm", 5, .embedding, after: ["LayerNormalization"]),
    Case("a result called embedding", 5, .embedding, output: "face_embedding"),
    Case("a result called image_embeds", 1000, .embedding, output: "image_embeds"),
    Case("a result called pooler_output", 7, .embedding, output: "pooler_output"),
    Case("landmarks in one list", 10, .values, output: "landmarks"),
    Case("one number", 1, .values),
    Case("one number and a sigmoid", 1, .classes, after: ["Sigmoid"], percent: true),
    Case("the metadata's word", 512, .classes, metadata: "classes", percent: true),
    Case("the metadata's word on a softmax", 7, .values, after: ["Softmax"], metadata: "values"),
    Case("the metadata's word on labels", 7, .embedding, labels: 7, metadata: "embedding"),
    // A batch norm at the end.
    Case("a batch norm of 5", 5, .embedding, after: ["BatchNormalization"], isGuess: true),
    Case("a batch norm of 512", 512, .embedding, after: ["BatchNormalization"], isGuess: true),
    Case("a batch norm of 1000", 1000, .classes, after: ["BatchNormalization"], percent: true),
    Case(
      "a batch norm called logits", 5, .classes, output: "logits", after: ["BatchNormalization"],
      percent: true),
    Case(
      "a batch norm with labels", 5, .classes, after: ["BatchNormalization"], labels: 5,
      percent: true),
    // Nothing says it.
    Case("512 numbers", 512, .embedding, isGuess: true),
    Case("768 numbers", 768, .embedding, isGuess: true),
    Case("2048 numbers", 2048, .embedding, isGuess: true),
    Case("7 numbers", 7, .classes, isGuess: true),
    Case("10 numbers, as of five points", 10, .classes, isGuess: true),
    Case("1404 numbers, as of a face's mesh", 1404, .classes, isGuess: true),
    Case("400 numbers, as Kinetics has", 400, .classes, isGuess: true),
    Case("136 predictions, as of landmarks", 136, .classes, output: "predictions", isGuess: true),
    // Names of weights alone.
    Case("weights of an embedding", 100, .embedding, weights: "embedding.weight", isGuess: true),
    Case(
      "weights of torchvision's trunk", 7, .embedding, weights: "features.20.weight", isGuess: true),
    Case("weights of texts", 10, .embedding, weights: "text_embeds", isGuess: true),
    Case("texts of ImageNet's classes", 1000, .classes, weights: "text_embeds", percent: true),
    Case("weights of DETR's classes", 91, .classes, weights: "class_embed.weight", percent: true),
  ]

  /// What some nodes make of `f`, the means of three channels.
  private func pooled(
    _ outputs: [String], _ nodes: [Node], _ constants: [String: Constant]
  ) -> Network {
    Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 4, 4])], outputs: outputs,
        nodes: [
          Node("GlobalAveragePool", inputs: ["x"], outputs: ["m"]),
          Node("Flatten", inputs: ["m"], outputs: ["f"]),
        ] + nodes, constants: constants))
  }

  private func network(_ c: Case) throws -> Network {
    let constants = [
      c.weights: Constant(Tensor([3, c.count], repeating: 0.5)),
      "ones": Constant(Tensor([c.count], repeating: 1)),
    ]
    let values = ["n"] + c.after.indices.map { "n\($0)" }
    let last = values.count - 1
    let name = { (place: Int) in place == last ? c.output : values[place] }
    let after = c.after.enumerated().map { place, type in
      let more = ["BatchNormalization": 4, "LayerNormalization": 1][type] ?? 0
      return Node(
        type, inputs: [name(place)] + [String](repeating: "ones", count: more),
        outputs: [name(place + 1)],
        attributes: type == "BatchNormalization" || type == "Sigmoid" ? [:] : ["axis": .int(1)])
    }
    let network = pooled(
      [c.output], [Node("MatMul", inputs: ["f", c.weights], outputs: [name(0)])] + after, constants
    ).labelled((0..<c.labels).map { "label \($0)" })
    return try network.overriding(metadata: c.metadata.map { ["output.kind": $0] } ?? [:])
  }

  @Test(
    "a list of numbers is what its file says, or what it looks like, which is said then",
    arguments: cases)
  func kinds(_ c: Case) throws {
    let network = try network(c)
    let shapes = try network.shapes(inputShape: [1, 3, 4, 4])
    let logits = try #require(network.logits(in: shapes))
    #expect(logits.count == c.count && logits.kind == c.kind)
    #expect((logits.guess != nil) == c.isGuess, "\(logits.guess ?? "")")
    #expect(logits.haveProbabilities == c.haveProbabilities)
    let some = [Float](repeating: 0.25, count: c.count)
    #expect((logits.probabilities(some) != nil) == c.haveProbabilities)
    guard c.labels == 0 else { return }
    let word = ["classes": "class", "embedding": "dimension", "values": "value"][c.kind.rawValue]
    let title = "\(word ?? "") \(c.count - 1)"
    // What is shown is what may be typed.
    for text in [title, "\(c.count - 1)", "logit \(c.count - 1)", title.replacing(" ", with: ":")] {
      let unit = try NetworkUnit(text, in: network, shapes: shapes)
      #expect(unit.title == title && unit.description == title && unit.kind == .logit(c.count - 1))
    }
    let class0 = Result { try NetworkUnit("class 0", in: network, shapes: shapes) }
    #expect(((try? class0.get()) != nil) == logits.haveClasses)
  }

  @Test(
    "what is said of the numbers does not choose another result", arguments: NumberKind.allCases)
  func severalResults(_ kind: NumberKind) throws {
    let network = pooled(
      ["e", "y"],
      [
        Node("LpNormalization", inputs: ["f"], outputs: ["e"], attributes: ["axis": .int(1)]),
        Node("MatMul", inputs: ["f", "w"], outputs: ["y"]),
      ], ["w": Constant(Tensor([3, 7], repeating: 0.5))])
    let shapes = try network.shapes(inputShape: [1, 3, 4, 4])
    let guessed = try #require(network.logits(in: shapes))
    let said = try #require(
      network.overriding(metadata: ["output.kind": kind.rawValue]).logits(in: shapes))
    #expect(guessed.value == "y" && guessed.guess != nil)
    #expect(said.value == "y" && said.count == 7 && said.kind == kind && said.guess == nil)
  }

  @Test("numbers in twos are points, or what is said of them", arguments: NumberKind.allCases)
  func points(_ kind: NumberKind) throws {
    let network = pooled(
      ["y"],
      [
        Node("MatMul", inputs: ["f", "w"], outputs: ["l"]),
        Node("Reshape", inputs: ["l", "s"], outputs: ["y"]),
      ],
      [
        "w": Constant(Tensor([3, 10], repeating: 0.5)),
        "s": Constant(Tensor([3], [1, 5, 2]), isInteger: true),
      ])
    let shapes = try network.shapes(inputShape: [1, 3, 4, 4])
    #expect(network.logits(in: shapes)?.arePoints == true)
    let logits = try #require(
      network.overriding(metadata: ["output.kind": kind.rawValue]).logits(in: shapes))
    #expect(logits.kind == kind && logits.count == 10 && logits.arePoints == (kind == .values))
    #expect(logits.haveClasses == (kind == .classes))
  }

  @Test("a layer called like the word for a number goes before it, whatever the case")
  func layer() throws {
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 4, 4])], outputs: ["y"],
        nodes: [
          Node("Relu", name: "Logit", inputs: ["x"], outputs: ["a"]),
          Node("GlobalAveragePool", inputs: ["a"], outputs: ["m"]),
          Node("Flatten", inputs: ["m"], outputs: ["y"]),
        ], constants: [:]))
    let shapes = try network.shapes(inputShape: [1, 3, 4, 4])
    let layer = try #require(network.layers.first { $0.value == "a" }).name
    let unit = try NetworkUnit("\(layer):2", in: network, shapes: shapes)
    #expect(unit.kind == .channel(layer: layer, channel: 2))
    #expect(try NetworkUnit("logit 2", in: network, shapes: shapes).kind == .logit(2))
  }

  @Test("labels that read so go before")
  func labelled() throws {
    var c = Case("", 3, .classes)
    c.labels = 3
    let network = try network(c).overriding(metadata: ["labels": "class 2\ndimension 1\nb"])
    let shapes = try network.shapes(inputShape: [1, 3, 4, 4])
    for (text, index) in [("class 2", 0), ("dimension 1", 1), ("class 1", 1), ("value 2", 2)] {
      #expect(try NetworkUnit(text, in: network, shapes: shapes).kind == .logit(index), "\(text)")
    }
    #expect(try NetworkUnit("2", in: network, shapes: shapes).description == "b (class 2)")
  }

  @Test("labels of a file's own that are too few are left out, as the command does")
  func ownLabels() throws {
    let folder = try TemporaryFolder()
    var graph = GraphProto()
    graph.name = "net"
    graph.input = [ValueInfoProto("x", [1, 3, 4, 4])]
    graph.output = [ValueInfoProto("y", [1, 3])]
    graph.node = [
      NodeProto("GlobalAveragePool", ["x"], ["m"], name: "m"),
      NodeProto("Flatten", ["m"], ["y"], name: "y"),
    ]
    for (labels, count) in [("a\nb", 0), ("a\nb\nc", 3)] {
      let path = try folder.file(
        "net.onnx",
        try ModelProto(graph: graph, metadata: [(key: "labels", value: labels)]).encoded())
      let network = try Network(contentsOf: path)
      #expect(network.labels.count == count && network.doubts.isEmpty == (count == 3))
    }
  }

  @Test("as many classes as places is said to be read one way of two")
  func square() throws {
    func guess(_ places: Int) throws -> String? {
      var random = SplitMix64(seed: 2)
      let network = pooled(
        ["scores", "boxes"],
        [
          Node("MatMul", inputs: ["f", "a"], outputs: ["n"]),
          Node("Reshape", inputs: ["n", "s"], outputs: ["r"]),
          Node("Sigmoid", inputs: ["r"], outputs: ["scores"]),
          Node("MatMul", inputs: ["f", "b"], outputs: ["o"]),
          Node("Reshape", inputs: ["o", "t"], outputs: ["boxes"]),
        ],
        [
          "a": Constant(.normal([3, places * 6], using: &random)),
          "b": Constant(.normal([3, places * 4], using: &random)),
          "s": Constant(Tensor([3], [1, Float(places), 6]), isInteger: true),
          "t": Constant(Tensor([3], [1, Float(places), 4]), isInteger: true),
        ])
      let scores = try #require(
        network.classScores(in: network.shapes(inputShape: [1, 3, 4, 4])))
      #expect(scores.count == 6)
      return scores.guess
    }
    #expect(try guess(9) == nil)
    #expect(try guess(6)?.contains("as many classes as places") == true)
  }
}
