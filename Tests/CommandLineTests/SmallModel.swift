import Foundation
import Imaging
import ONNX

/// Five classes from 3 channels of any size from 3×3: a convolution of 4 channels, ReLU, the mean, and a
/// fully connected layer.
///
/// - Parameters:
///   - path: The file to write.
///   - channelsLast: Whether pictures are N×H×W×3 in the file.
///   - operators: What stands in place of the ReLU, one after the other.
///   - metadata: The file's own.
///   - normalizes: Whether its five numbers are brought to length 1, and so no classes.
/// - Throws: Where the file cannot be written.
func writeSmallModel(
  to path: URL, channelsLast: Bool = false, operators: [String] = ["Relu"],
  metadata: [(key: String, value: String)] = [
    ("labels", "cat, house cat\ndog\nhot dog\ncrane\ncrane"), ("input.range", "0,1"),
    ("input.size", "16,24"),
  ], normalizes: Bool = false
) throws {
  func numbers(_ count: Int) -> [Float] {
    (0..<count).map { index in
      let number = (index * 37 + 11) % 23
      return Float(number - 11) / 11
    }
  }
  var graph = GraphProto()
  graph.name = "small"
  graph.input = [ValueInfoProto("picture", channelsLast ? [1, -1, -1, 3] : [1, 3, -1, -1])]
  graph.output = [ValueInfoProto("logits", [1, 5])]
  graph.initializer = [
    TensorProto(TensorData(dims: [4, 3, 3, 3], floats: numbers(108), name: "conv.weight")),
    TensorProto(TensorData(dims: [5, 4], floats: numbers(20), name: "fc.weight")),
    TensorProto(TensorData(dims: [5], floats: numbers(5), name: "fc.bias")),
  ]
  if channelsLast {
    graph.node = [
      NodeProto(
        "Transpose", ["picture"], ["turned"], name: "turn", AttributeProto("perm", [0, 3, 1, 2]))
    ]
  }
  graph.node.append(
    NodeProto(
      "Conv", [channelsLast ? "turned" : "picture", "conv.weight"], ["conv"], name: "conv"))
  var value = "conv"
  for (index, type) in operators.enumerated() {
    let next = "act\(index)"
    graph.node.append(NodeProto(type, [value], [next], name: next))
    value = next
  }
  graph.node += [
    NodeProto("GlobalAveragePool", [value], ["mean"], name: "mean"),
    NodeProto("Flatten", ["mean"], ["flat"], name: "flat"),
    NodeProto(
      "Gemm", ["flat", "fc.weight", "fc.bias"], [normalizes ? "numbers" : "logits"], name: "fc",
      AttributeProto("transB", 1)),
  ]
  if normalizes {
    graph.node.append(NodeProto("LpNormalization", ["numbers"], ["logits"], name: "length"))
  }
  try Model(ModelProto(graph: graph, metadata: metadata)).write(to: path.path)
}

/// A picture with something in it.
func writePicture(to path: URL, width: Int = 40, height: Int = 30) throws {
  var picture = Picture(width: width, height: height, filledWith: Color(0x336699))
  picture.fill(Color(0xFFCC00), x: width / 4, y: height / 3, width: width / 2, height: height / 3)
  try picture.write(to: path.path)
}
