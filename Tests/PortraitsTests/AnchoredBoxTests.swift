import Graphs
import Tensors
import Testing

@testable import Networks
@testable import Portraits

/// Boxes of heads with three anchors: whose anchors, by the file's name and the strides.
@Suite struct AnchoredBoxTests {
  /// A detector of 5 classes whose heads are as PyTorch exports them before they are decoded.
  private static func network(_ file: String, strides: [Int]) -> Network {
    var nodes: [Node] = []
    var constants = ["w": Constant(Tensor([30, 3, 1, 1], repeating: 0))]
    for stride in strides {
      let side = Float(64 / stride)
      constants["shape \(stride)"] = Constant(Tensor([5], [1, 3, 10, side, side]), isInteger: true)
      nodes += [
        Node(
          "AveragePool", inputs: ["x"], outputs: ["small \(stride)"],
          attributes: [
            "kernel_shape": .ints([stride, stride]), "strides": .ints([stride, stride]),
          ]),
        Node("Conv", inputs: ["small \(stride)", "w"], outputs: ["map \(stride)"]),
        Node(
          "Reshape", inputs: ["map \(stride)", "shape \(stride)"], outputs: ["grid \(stride)"]),
        Node(
          "Transpose", inputs: ["grid \(stride)"], outputs: ["out \(stride)"],
          attributes: ["perm": .ints([0, 1, 3, 4, 2])]),
      ]
    }
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 64, 64])],
        outputs: strides.map { "out \($0)" }, nodes: nodes, constants: constants),
      layers: [], labels: [], preprocessing: nil, metadata: [:], producer: "", opset: 18,
      path: "models/\(file)", sha256: "")
  }

  @Test(
    "anchors are those of the network that the file is called after, and it is said whose",
    arguments: [
      ("yolov5n.onnx", false, 10, "YOLOv5's"), ("net.onnx", false, 10, "YOLOv5's"),
      ("yolo-320.onnx", false, 10, "YOLOv5's"), ("yolov5s6.onnx", true, 19, "YOLOv5's"),
      ("yolov7.onnx", false, 12, "YOLOv7's"), ("yolo-v7.onnx", false, 12, "YOLOv7's"),
      ("yolo7_640.onnx", false, 12, "YOLOv7's"), ("yolov7-w6.onnx", true, 19, "YOLOv7's"),
      ("yolov7-tiny.onnx", false, 10, "YOLOv7-tiny's"),
    ])
  func anchors(_ file: String, _ hasFour: Bool, _ width: Int, _ whose: String) throws {
    let network = Self.network(file, strides: hasFour ? [8, 16, 32, 64] : [8, 16, 32])
    let shapes = try network.shapes(inputShape: [1, 3, 64, 64])
    let scores = try #require(network.classScores(in: shapes))
    #expect(scores.count == 5 && network.hasBoxes(of: scores, in: shapes))
    let anchored = try #require(AnchoredBoxes(network, scores))
    #expect(anchored.guess == "boxes are decoded as \(whose), by its anchors for COCO")
    let zeros = anchored.values.map { Tensor(shapes[$0] ?? [], repeating: 0) }
    // Twice the sigmoid of 0 is 1: the first anchor itself.
    let first = try #require(anchored.boxes(zeros, picture: [1, 3, 64, 64]).first)
    #expect(abs((first.right - first.left) * 64 - Float(width)) < 1e-3)
  }

  @Test(
    "files that are called after networks that decode otherwise have no boxes",
    arguments: [
      "yolov3-416.onnx", "yolo-v3-tf.onnx", "yolo_v4.onnx", "tiny-yolo2.onnx", "darknet53.onnx",
    ])
  func others(_ file: String) throws {
    let network = Self.network(file, strides: [8, 16, 32])
    let shapes = try network.shapes(inputShape: [1, 3, 64, 64])
    let scores = try #require(network.classScores(in: shapes))
    #expect(!network.hasBoxes(of: scores, in: shapes))
  }
}
