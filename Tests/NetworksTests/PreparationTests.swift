import Tensors
import Testing

@testable import Graphs
@testable import Networks

/// What graphs do to their pictures first, in all the ways that exporters write it.
@Suite struct PreparationTests {
  /// Nodes from `x` to `t`, and what they say of the pictures.
  struct Way: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let nodes: [Node]
    let found: Preprocessing?
    var isGuess = false
    var isLast = false
  }

  private static func node(
    _ type: String, _ inputs: [String], _ output: String = "t",
    _ attributes: [String: Attribute] = [:]
  ) -> Node {
    Node(type, inputs: inputs, outputs: [output], attributes: attributes, opset: 13)
  }

  /// One channel of the picture, with its axis, less a number, over another.
  private static func band(_ place: String, less mean: String, over deviation: String = "1")
    -> [Node]
  {
    [
      node("Gather", ["x", place], "g\(place)", ["axis": .int(1)]),
      node("Sub", ["g\(place)", mean], "s\(place)"),
      node("Div", ["s\(place)", deviation], "b\(place)"),
    ]
  }

  private static func joined(_ parts: [String]) -> Node {
    node("Concat", parts, "t", ["axis": .int(1)])
  }

  private static let caffe: [Float] = [103.939, 116.779, 123.68]

  private static let constants: [String: Constant] = {
    var random = SplitMix64(seed: 8)
    var constants: [String: Constant] = [
      "caffe": Constant(Tensor([3, 1, 1], caffe)), "last": Constant(Tensor([3], caffe)),
      "caffe rgb": Constant(Tensor([3, 1, 1], caffe.reversed())),
      "picture": Constant(
        Tensor([1, 3, 1, 1], caffe) + .uniform([1, 3, 8, 8], using: &random) * Tensor(20)
          - Tensor(10)),
      "order": Constant(Tensor([3], [2, 1, 0]), isInteger: true),
      "from end": Constant(Tensor([3], [-1, -2, -3]), isInteger: true),
      "tuples": Constant(Tensor([3, 1], [2, 1, 0]), isInteger: true),
      "deviations": Constant(Tensor([3, 1, 1], [58.395, 57.12, 57.375])),
      "shares": Constant(Tensor([3, 1, 1], [0.225, 0.224, 0.229])),
      "pads": Constant(Tensor([8], [0, 0, 2, 2, 0, 0, 2, 2]), isInteger: true),
      "sizes": Constant(Tensor([4], [1, 3, 6, 6]), isInteger: true),
      "turning": Constant(Tensor([3, 3, 1, 1], [0, 0, 1, 0, 1, 0, 1, 0, 0])),
      "mixing": Constant(Tensor([3, 3, 1, 1], repeating: 0.01)),
      "less": Constant(Tensor([3], caffe.map { -$0 })),
      "learnt": Constant(Tensor([3], [0.4, 1.7, -2])), "means": Constant(Tensor([3], caffe)),
      "variances": Constant(Tensor([3], [3000, 3200, 3400])),
      "no means": Constant(Tensor([3], [0.01, -0.02, 0.03])),
      "no variances": Constant(Tensor([3], [1.1, 0.9, 1])),
    ]
    for number in [0, 1, 2, 114, 127.5, 128, 255, 0.5] as [Float] {
      let name = number.rounded() == number ? "\(Int(number))" : "\(number)"
      constants[name] = Constant(Tensor(number))
    }
    for place in 0..<3 {
      constants["c\(place)"] = Constant(Tensor([1], [Float(place)]), isInteger: true)
      constants["m\(place)"] = Constant(Tensor(caffe[place]))
    }
    return constants
  }()

  private static let rgb = Preprocessing(rangeUpper: 255)
  private static let bgr = Preprocessing(color: .bgr, rangeUpper: 255)
  private static let shares = Preprocessing()

  private static let ways: [Way] = [
    Way(
      testDescription: "channels gathered, Caffe's mean",
      nodes: [
        node("Gather", ["x", "order"], "g", ["axis": .int(1)]), node("Sub", ["g", "caffe"]),
      ], found: rgb),
    Way(
      testDescription: "channels gathered from the end, Caffe's mean",
      nodes: [
        node("Gather", ["x", "from end"], "g", ["axis": .int(1)]), node("Sub", ["g", "caffe"]),
      ], found: rgb),
    Way(
      testDescription: "channels gathered as torch.export writes it",
      nodes: [
        node("Transpose", ["x"], "a", ["perm": .ints([1, 0, 2, 3])]),
        node("GatherND", ["a", "tuples"], "b"),
        node("Transpose", ["b"], "c", ["perm": .ints([1, 0, 2, 3])]), node("Sub", ["c", "caffe"]),
      ], found: rgb),
    Way(
      testDescription: "each channel less its mean, joined in Caffe's order",
      nodes: band("c2", less: "m0") + band("c1", less: "m1") + band("c0", less: "m2") + [
        joined(["bc2", "bc1", "bc0"])
      ], found: rgb),
    Way(
      testDescription: "each channel less its mean, joined as they were",
      nodes: band("c0", less: "m0") + band("c1", less: "m1") + band("c2", less: "m2") + [
        joined(["bc0", "bc1", "bc2"])
      ], found: bgr),
    Way(testDescription: "a mean picture", nodes: [node("Sub", ["x", "picture"])], found: bgr),
    Way(
      testDescription: "a mean picture behind gathered channels",
      nodes: [
        node("Gather", ["x", "order"], "g", ["axis": .int(1)]), node("Sub", ["g", "picture"]),
      ], found: rgb),
    Way(
      testDescription: "channels at the end",
      nodes: [
        node("Gather", ["x", "order"], "g", ["axis": .int(3)]), node("Sub", ["g", "last"], "s"),
        node("Transpose", ["s"], "t", ["perm": .ints([0, 3, 1, 2])]),
      ], found: rgb, isLast: true),
    Way(
      testDescription: "another size first",
      nodes: [
        node("Resize", ["x", "", "", "sizes"], "r", ["mode": .string("linear")]),
        node("Gather", ["r", "order"], "g", ["axis": .int(1)]), node("Sub", ["g", "caffe"]),
      ], found: rgb),
    Way(
      testDescription: "limited and rounded first",
      nodes: [
        node("Clip", ["x", "0", "255"], "a"), node("Round", ["a"], "b"),
        node("Sub", ["b", "caffe"]),
      ], found: bgr),
    Way(
      testDescription: "a convolution that turns and shifts",
      nodes: [node("Conv", ["x", "turning", "less"])], found: rgb),
    Way(
      testDescription: "a convolution that mixes", nodes: [node("Conv", ["x", "mixing", "less"])],
      found: nil),
    Way(
      testDescription: "deviations alone", nodes: [node("Div", ["x", "deviations"])], found: rgb),
    Way(
      testDescription: "deviations of shares, turned around",
      nodes: [node("Div", ["x", "shares"])],
      found: Preprocessing(color: .bgr)),
    Way(
      testDescription: "shares made bytes, Caffe's mean",
      nodes: [
        node("Gather", ["x", "order"], "g", ["axis": .int(1)]), node("Mul", ["g", "255"], "b"),
        node("Sub", ["b", "caffe"]),
      ], found: shares),
    Way(
      testDescription: "−1…1 made bytes",
      nodes: [node("Add", ["x", "1"], "a"), node("Mul", ["a", "127.5"])],
      found: Preprocessing(rangeLower: -1)),
    Way(
      testDescription: "−1…1 made bytes, Caffe's mean",
      nodes: [
        node("Mul", ["x", "127.5"], "a"), node("Add", ["a", "127.5"], "b"),
        node("Sub", ["b", "caffe rgb"]),
      ], found: Preprocessing(rangeLower: -1)),
    Way(
      testDescription: "a margin of 114, then over 255",
      nodes: [node("Pad", ["x", "pads", "114"], "p"), node("Div", ["p", "255"])], found: rgb),
    Way(
      testDescription: "a margin of 114 alone", nodes: [node("Pad", ["x", "pads", "114"])],
      found: rgb),
    Way(
      testDescription: "a margin of a half alone", nodes: [node("Pad", ["x", "pads", "0.5"])],
      found: shares),
    Way(testDescription: "a margin of 0", nodes: [node("Pad", ["x", "pads", "0"])], found: nil),
    Way(
      testDescription: "turned around, and nothing says from which",
      nodes: [
        node("Gather", ["x", "order"], "g", ["axis": .int(1)]), node("Div", ["g", "255"]),
      ], found: rgb, isGuess: true),
    Way(
      testDescription: "another order that no means are of",
      nodes: band("c1", less: "m0") + band("c2", less: "m1") + band("c0", less: "m2") + [
        joined(["bc1", "bc2", "bc0"])
      ], found: rgb, isGuess: true),
    Way(
      testDescription: "a batch norm that has learnt bytes",
      nodes: [
        node("BatchNormalization", ["x", "learnt", "learnt", "means", "variances"])
      ], found: bgr),
    Way(
      testDescription: "a batch norm that has learnt what was prepared outside",
      nodes: [
        node("BatchNormalization", ["x", "learnt", "learnt", "no means", "no variances"])
      ], found: nil),
    Way(
      testDescription: "the negative of shares", nodes: [node("Sub", ["1", "x"])], found: shares),
    Way(
      testDescription: "the negative of bytes",
      nodes: [node("Div", ["x", "255"], "d"), node("Sub", ["1", "d"])], found: rgb),
  ]

  private static func graph(_ way: Way) -> Graph {
    Graph(
      inputs: [.init(name: "x", dimensions: way.isLast ? [1, 8, 8, 3] : [1, 3, 8, 8])],
      outputs: ["y"],
      nodes: way.nodes + [node("GlobalMaxPool", ["t"], "y")], constants: constants)
  }

  @Test(
    "means, deviations and margins tell the range, means and deviations the order", arguments: ways)
  func preparation(_ way: Way) {
    let found = Self.graph(way).preparation
    #expect(found?.preprocessing == way.found)
    #expect((found?.isColorGuess ?? false) == way.isGuess)
  }

  @Test("what torchvision's transform_input takes is ImageNet's pictures")
  func imageNet() {
    // y = (x · σ + μ − 0.5) / 0.5
    let nodes = zip(
      [0.485, 0.456, 0.406] as [Float], [0.229, 0.224, 0.225] as [Float]
    ).enumerated().flatMap { place, numbers in
      [
        Self.node("Gather", ["x", "c\(place)"], "g\(place)", ["axis": .int(1)]),
        Self.node("Mul", ["g\(place)", "σ\(place)"], "a\(place)"),
        Self.node("Add", ["a\(place)", "μ\(place)"], "b\(place)"),
      ]
    }
    var graph = Self.graph(
      Way(testDescription: "", nodes: nodes + [Self.joined(["b0", "b1", "b2"])], found: nil))
    for (place, (mean, deviation)) in zip(
      [0.485, 0.456, 0.406] as [Float], [0.229, 0.224, 0.225] as [Float]
    ).enumerated() {
      graph.constants["σ\(place)"] = Constant(Tensor(deviation / 0.5))
      graph.constants["μ\(place)"] = Constant(Tensor((mean - 0.5) / 0.5))
    }
    #expect(graph.preparation?.preprocessing == .imagenet)
  }

  @Test("an order that is a guess is said, until somebody says it")
  func guess() throws {
    let way = try #require(Self.ways.first { $0.isGuess })
    var network = Network(graph: Self.graph(way))
    network.graphPreparation = network.graph.preparation
    let doubt = try #require(network.colorGuess)
    #expect(doubt.contains("changes the order of the channels"))
    #expect(try network.overriding(metadata: ["input.color": "RGB"]).colorGuess == nil)
  }

  @Test("pictures too large to be tried are tried at a small size, in batches one at a time")
  func large() throws {
    var graph = Self.graph(Self.ways[0])
    let found = try #require(graph.preparation?.preprocessing)
    for extents in [[64, 3, 224, 224], [1, 3, 2048, 2048], [1, 3, 1 << 20, 1 << 20]] {
      graph.inputs[0].dimensions = extents
      #expect(graph.preparation?.preprocessing == found, "\(extents)")
    }
  }

  @Test("a dark batch norm behind a division leaves the division's range")
  func dark() {
    var graph = Self.graph(Self.ways[0])
    graph.nodes = [
      Node("Div", inputs: ["x", "255"], outputs: ["share"]),
      Node(
        "BatchNormalization", inputs: ["share", "one", "zero", "mean", "variance"], outputs: ["n"]),
      Node("Conv", inputs: ["n", "w"], outputs: ["y"]),
    ]
    graph.outputs = ["y"]
    for (name, value) in [("one", Float(1)), ("zero", 0), ("mean", 0.06), ("variance", 0.0025)] {
      graph.constants[name] = Constant(Tensor([3], repeating: value))
    }
    graph.constants["255"] = Constant(Tensor([], [255]))
    graph.constants["w"] = Constant(Tensor([4, 3, 3, 3], repeating: 0.1))
    #expect(graph.preparation?.preprocessing.rangeUpper == 255)
  }

  @Test("weights without channels are no preparation, and no crash")
  func empty() {
    var graph = Self.graph(Self.ways[0])
    graph.nodes = [Node("Conv", inputs: ["x", "none"], outputs: ["y"])]
    graph.outputs = ["y"]
    graph.constants["none"] = Constant(Tensor([3, 0, 1, 1]))
    #expect(graph.preparation == nil)
  }
}
