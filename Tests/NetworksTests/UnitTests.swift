import Foundation
import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

@Suite struct UnitTests {
  /// 1×3×16×16 → conv: 4 channels of 14×14 → cat: 8 of them → logits: one a label.
  private static func network(labels: [String], logits: Int? = nil, softmax: Bool = false)
    -> Network
  {
    let count = logits ?? labels.count
    var graph = Graph(
      inputs: [Graph.Input(name: "x", dimensions: [nil, 3, nil, nil])],
      outputs: [softmax ? "probabilities" : "logits"],
      nodes: [
        Node("Conv", name: "n0", inputs: ["x", "w"], outputs: ["conv"]),
        Node(
          "Concat", name: "n1", inputs: ["conv", "conv"], outputs: ["cat"],
          attributes: ["axis": .int(1)]),
        Node("GlobalAveragePool", name: "n2", inputs: ["cat"], outputs: ["mean"]),
        Node("Flatten", name: "n3", inputs: ["mean"], outputs: ["flat"]),
        Node(
          "Gemm", name: "n4", inputs: ["flat", "v"], outputs: ["logits"],
          attributes: ["transB": .int(1)]),
      ],
      constants: [
        "w": Constant(Tensor([4, 3, 3, 3], repeating: 1)),
        "v": Constant(Tensor([count, 8], repeating: 1)),
      ])
    if softmax {
      graph.nodes.append(
        Node("Softmax", name: "n5", inputs: ["logits"], outputs: ["probabilities"]))
    }
    return Network(graph: graph, labels: labels)
  }

  private static let imagenet = [
    "tabby, tabby cat", "tiger cat", "crane", "hen", "crane", "golden retriever",
    "flat-coated retriever", "great white shark, white shark", "jack-o'-lantern",
  ]

  private func unit(
    _ text: String, labels: [String] = imagenet, softmax: Bool = false
  ) throws -> NetworkUnit {
    try NetworkUnit(
      text, in: Self.network(labels: labels, softmax: softmax), inputShape: [1, 3, 16, 16])
  }

  @Test("a number that is a layer's name as well is refused; both ways of saying it are told")
  func numberedLayers() throws {
    var builder = GraphBuilder(channels: 3)
    let flat = builder.add("Flatten", [builder.add("GlobalAveragePool", ["x"])])
    _ = builder.add("Gemm", [flat, builder.constant([3, 4])])
    var graph = builder.graph
    // As exporters of PyTorch call the parts of a Sequential.
    for (place, name) in ["0", "1", "7"].enumerated() {
      let old = graph.nodes[place].outputs[0]
      (graph.nodes[place].name, graph.nodes[place].outputs) = (name, [name])
      for later in graph.nodes.indices {
        graph.nodes[later].inputs = graph.nodes[later].inputs.map { $0 == old ? name : $0 }
      }
    }
    graph.outputs = ["7"]
    for labels in [[], ["cat", "dog", "owl", "hen"]] {
      let network = Network(graph: graph, labels: labels)
      func kind(_ text: String) throws -> NetworkUnit.Kind {
        try NetworkUnit(text, in: network, inputShape: [1, 3, 4, 4]).kind
      }
      for number in ["0", "1"] {
        #expect(throws: UnitError.layerOrNumber(number, .classes)) {
          try kind(number)
        }
        #expect(try kind("\(number):") == .layer(number))
      }
      #expect(try kind("logit 1") == .logit(1))
      #expect(try kind("2") == .logit(2) && kind("7") == .layer("7"))
      #expect(try kind("0:2") == .channel(layer: "0", channel: 2))
    }
    let error = UnitError.layerOrNumber("0", .classes)
    #expect("\(error)".contains("class 0; say `0:` for the layer, or `logit 0`"))
  }

  @Test("a neuron of a volume has a slice; of a signal, a place is enough")
  func neuronsOfOtherForms() throws {
    func network(_ dimensions: [Int?], _ weights: Shape) throws -> (Network, Shape) {
      let graph = Graph(
        inputs: [Graph.Input(name: "x", dimensions: dimensions)], outputs: ["conv"],
        nodes: [Node("Conv", name: "c", inputs: ["x", "w"], outputs: ["conv"])],
        constants: ["w": Constant(Tensor(weights, repeating: 1))])
      let network = Network(graph: graph).takingPictures()
      return (network, network.inputShape())
    }
    let (volume, shape) = try network([1, 1, 4, 6, 5], [2, 1, 1, 1, 1])
    // Four slices of 6 rows and 5 columns.
    for text in ["conv:1@2,3,2", "conv:1@2,15"] {
      #expect(
        try NetworkUnit(text, in: volume, inputShape: shape).kind
          == .neuron(layer: "conv", channel: 1, x: 2, y: 15))
    }
    for text in ["conv:1@2,24", "conv:1@2,6,0", "conv:1@2,3,4", "conv:1@2", "conv:1@5,3,2"] {
      let error = try #require(throws: UnitError.self) {
        try NetworkUnit(text, in: volume, inputShape: shape)
      }
      #expect("\(error)".contains("5×6×4 columns, rows and slices: say conv:17@4,5,2"), "\(error)")
    }
    let (signal, length) = try network([1, 1, 40], [2, 1, 3])
    for text in ["conv:1@7", "conv:1@7,0"] {
      #expect(
        try NetworkUnit(text, in: signal, inputShape: length).kind
          == .neuron(layer: "conv", channel: 1, x: 7, y: 0))
    }
  }

  @Test("a place of a layer that holds several maps, as of windows, is refused")
  func neuronsOfWindows() throws {
    let graph = Graph(
      inputs: [Graph.Input(name: "x", dimensions: [1, 1, 4, 4])], outputs: ["conv"],
      nodes: [
        Node("Reshape", name: "cut", inputs: ["x", "windows"], outputs: ["cut"]),
        Node("Conv", name: "c", inputs: ["cut", "w"], outputs: ["conv"]),
      ],
      constants: [
        "windows": Constant(Tensor([4], [4, 1, 2, 2]), isInteger: true),
        "w": Constant(Tensor([2, 1, 1, 1], repeating: 1)),
      ])
    let network = Network(graph: graph)
    #expect(throws: UnitError.severalMaps(layer: "conv", count: 4)) {
      try NetworkUnit("conv:1@0,1", in: network, inputShape: [1, 1, 4, 4])
    }
    let channel = try NetworkUnit("conv:1", in: network, inputShape: [1, 1, 4, 4])
    #expect(channel.kind == .channel(layer: "conv", channel: 1))
  }

  private func message(_ text: String, labels: [String] = imagenet) -> String {
    do {
      return "found \(try unit(text, labels: labels))"
    } catch {
      return "\(error)"
    }
  }

  // MARK: Labels

  @Test(arguments: [
    ("tabby", 0), ("Tabby Cat", 0), ("tabby, tabby cat", 0), ("tiger", 1), ("HEN", 3),
    ("golden-retriever", 5), ("golden_retriever", 5), ("white shark", 7), ("great white", 7),
    ("jack-o'-lantern", 8), ("4", 4), ("0", 0),
  ])
  func labelsAndNumbers(_ text: String, _ index: Int) throws {
    #expect(try unit(text).kind == .logit(index))
  }

  @Test func anExactLabelComesBeforeOneThatContainsIt() throws {
    let labels = ["spider web", "spider", "7", "sea spider"]
    #expect(try unit("spider", labels: labels).kind == .logit(1))
    #expect(try unit("7", labels: labels).kind == .logit(2))
  }

  @Test func nothingIsGuessed() {
    #expect(
      message("retriever")
        == "`retriever` matches 2 labels of this model: golden retriever (5), flat-coated retriever "
        + "(6); say one of them or its number")
    #expect(message("crane").hasSuffix("crane (2), crane (4); say the number"))
    // A layer is called cat, after what it does.
    #expect(message("cat").contains("`cat` is a layer of this model and also fits tabby cat (0)"))
    #expect(message("cat").contains("say `cat:` for the layer"))
  }

  @Test func aMisspeltNameGetsTheNearest() {
    #expect(message("retriver").contains("nearest labels are golden retriever (5), flat-coated"))
    #expect(message("cnov").contains("nearest layers are conv"))
    #expect(
      message("xyzzyxyzzy") == "this model has no unit `xyzzyxyzzy`")
    #expect(message("").contains("no unit"))
  }

  @Test func numbersBeyondTheEndSayTheRange() {
    #expect(message("9") == "there is no class 9: this model has the classes 0…8")
    #expect(message("-1").contains("0…8"))
  }

  @Test func theLogitIsTakenBeforeTheSoftmax() throws {
    let network = Self.network(labels: ["a", "b"], softmax: true)
    let logits = try #require(network.logits(in: network.shapes(inputShape: [1, 3, 9, 9])))
    #expect(logits.value == "logits")
    #expect(logits.count == 2)
    #expect(logits.link == .softmax)
    #expect(try unit("b", labels: ["a", "b"], softmax: true).kind == .logit(1))
  }

  // MARK: Layers

  @Test func layersChannelsAndNeurons() throws {
    #expect(try unit("conv").kind == .layer("conv"))
    #expect(try unit("cat:").kind == .layer("cat"))
    #expect(try unit("cat:7").kind == .channel(layer: "cat", channel: 7))
    #expect(try unit("conv:3@13,0").kind == .neuron(layer: "conv", channel: 3, x: 13, y: 0))
  }

  @Test func whatLiesOutsideALayerSaysTheRange() {
    #expect(message("conv:4") == "layer conv has the channels 0…3, not 4")
    #expect(message("conv:0@14,2").contains("columns 0…13 and the rows 0…13"))
    #expect(message("flat:0@1,1").contains("no columns and rows"))
    #expect(message("conv:a").contains("write conv:17 for a channel"))
    #expect(message("conv:1@2").contains("write conv:17 for a channel"))
    #expect(message("covn:1").contains("did you mean conv"))
  }

  // MARK: Names

  @Test func namesForTitlesAndFiles() throws {
    let tabby = try unit("tabby cat")
    #expect(tabby.title == "tabby")
    #expect(tabby.fileName == "tabby")
    #expect(tabby.description == "tabby (class 0)")
    #expect(try unit("golden retriever").fileName == "golden-retriever")
    #expect(try unit("4").fileName == "crane-4")
    #expect(try unit("8").fileName == "jack-o-lantern")
    #expect(try unit("conv:3").fileName == "conv-3")
    #expect(try unit("conv:3@1,2").fileName == "conv-3-x1-y2")
    #expect(NetworkUnit(.logit(281)).fileName == "class-281")
    #expect(NetworkUnit(.layer("/a/b:0")).fileName == "a-b-0")
    #expect(NetworkUnit(.layer("..")).fileName == "unit")
    #expect(
      NetworkUnit(.logit(0), labels: [String(repeating: "x", count: 300)]).fileName.count == 60)
  }
}
