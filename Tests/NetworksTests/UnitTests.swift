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
