import Foundation
import ONNX

/// A model with something of everything, small enough to be cut at every byte.
let smallModel: ModelProto = {
  let weight = TensorData(dims: [2, 1, 1, 1], floats: [1, -2], name: "conv.weight")
  let scopes = "['', 'conv', 'conv2d']"
  var graph = GraphProto()
  graph.name = "small"
  graph.node = [
    NodeProto(
      "Conv", ["input", "conv.weight"], ["conv2d"], name: "node_conv2d",
      .init("pads", [0, 0, 0, 0]), .init("group", 1),
      metadata: [("pkg.torch.onnx.name_scopes", scopes)]),
    NodeProto("LeakyRelu", ["conv2d"], ["output"], .init("alpha", Float(0.1))),
  ]
  graph.initializer = [TensorProto(weight)]
  graph.input = [ValueInfoProto("input", [-1, 1, 4, 4])]
  graph.output = [ValueInfoProto("output", [-1, 2, 4, 4])]
  return ModelProto(graph: graph, metadata: [("labels", "cat\ndog")])
}()

/// Random bits that follow from a seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
