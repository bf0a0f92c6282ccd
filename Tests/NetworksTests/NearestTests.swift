import Foundation
import Graphs
import Networks
import Tensors
import TestSupport
import Testing

/// What is suggested for misspelt names, among those that people have before them.
@Suite struct NearestTests {
  private static let imageNet: [String] = {
    let file = Recordings.file("imagenet-names.txt")
    let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? []
    return lines.map(String.init)
  }()

  /// What an unknown class of ImageNet is answered, up to the layers.
  private func answer(to text: String) throws -> String {
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [1, 3, 4, 4])], outputs: ["logits"],
      nodes: [
        Node("GlobalAveragePool", name: "pool", inputs: ["x"], outputs: ["mean"]),
        Node("Flatten", name: "flat", inputs: ["mean"], outputs: ["list"]),
        Node("Gemm", name: "fc", inputs: ["list", "w"], outputs: ["logits"]),
      ], constants: ["w": Constant(Tensor([3, Self.imageNet.count], repeating: 1))])
    let network = Network(graph: graph, labels: Self.imageNet)
    do {
      return "found \(try NetworkUnit(text, in: network, inputShape: [1, 3, 4, 4]))"
    } catch { return "\(error)" }
  }

  @Test(
    "a misspelt class of ImageNet is the first that is suggested",
    arguments: [
      ("zebrra", "zebra"), ("zbera", "zebra"), ("zebr", "zebra"),
      ("retreiver", "flat-coated retriever"),
      ("goldfsh", "goldfish"), ("elefant", "Indian elephant"), ("pengin", "king penguin"),
      ("acoustic gitar", "acoustic guitar"), ("bananna", "banana"),
      ("labrador retreiver", "Labrador retriever"), ("volcanoe", "volcano"),
      ("germanshepherd", "German shepherd"), ("siamese catt", "Siamese cat"),
      ("cheseburger", "cheeseburger"), ("pineaple", "pineapple"), ("oragnutan", "orangutan"),
    ])
  func imageNet(_ typed: String, _ meant: String) throws {
    #expect(Self.imageNet.count == 1000)
    let answer = try answer(to: typed)
    #expect(answer.contains("nearest labels are \(meant) ("), "\(answer)")
  }

  @Test("what resembles nothing is answered with nothing")
  func nothing() throws {
    for typed in ["qqq", "xyzzyxyzzy", "!"] {
      #expect(nearest(to: typed, in: Self.imageNet).isEmpty, "\(typed)")
    }
    #expect(nearest(to: "", in: Self.imageNet).isEmpty)
  }

  @Test(
    "layers, options and methods",
    arguments: [
      ("mixed4", ["conv2d0", "mixed3a", "mixed4a", "mixed4b", "xmixed4"], "mixed4a"),
      ("mixd4a", ["mixed3a", "mixed4b", "mixed4a"], "mixed4a"),
      ("layer4.conv2", ["conv2", "layer4.1.conv2", "layer3.conv2"], "layer3.conv2"),
      ("conv1.weight", ["fc", "conv1", "conv10"], "conv1"),
      ("gradcam", ["gradient", "cam", "grad-cam"], "grad-cam"),
      ("modle", ["mode", "model", "module"], "model"),
      ("bye", ["yes", "by", "b"], "by"),
    ])
  func names(_ typed: String, _ names: [String], _ meant: String) {
    #expect(nearest(to: typed, in: names).first == meant)
  }
}
