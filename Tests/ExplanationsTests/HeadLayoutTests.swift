import Attribution
import Foundation
import Networks
import Objectives
import Portraits
import Tensors
import TestSupport
import Testing

/// Layouts of detectors' heads, against PyTorch: `Tests/Conformance/heads.py --record` makes the files.
@Suite struct HeadLayoutTests {
  private let folder = Recordings.file("detector").appending(path: "heads").path

  private func recorded(_ name: String) throws -> Tensor {
    try NumPyFile(contentsOf: "\(folder)/\(name).npy").tensor
  }

  /// What a file is to be taken for.
  struct Case: CustomTestStringConvertible {
    let name: String
    let places: Int
    var classes = 7
    var link = Network.Link.sigmoid
    var hasObjectness = false
    var hasBoxes = false

    var testDescription: String { name }

    static let all = [
      Case(name: "yolov5", places: 63, hasObjectness: true, hasBoxes: true),
      Case(name: "yolov5-raw", places: 63, link: .none, hasObjectness: true, hasBoxes: true),
      Case(
        name: "yolov5-convolutions", places: 63, link: .none, hasObjectness: true, hasBoxes: true),
      Case(name: "yolov5-rknn", places: 63, hasObjectness: true, hasBoxes: true),
      Case(
        name: "yolov5-grids-last", places: 63, link: .none, hasObjectness: true, hasBoxes: true),
      Case(name: "yolov5-sigmoid-of-rows", places: 63, hasObjectness: true),
      Case(name: "yolov4-keras", places: 63, hasObjectness: true),
      Case(name: "yolox", places: 21, hasObjectness: true, hasBoxes: true),
      Case(name: "yolox-decoded", places: 21, hasObjectness: true, hasBoxes: true),
      Case(name: "yolox-raw", places: 21, link: .none, hasObjectness: true, hasBoxes: true),
      Case(name: "yolov8-raw-7", places: 21, link: .none, hasBoxes: true),
      Case(name: "yolov8-raw-32", places: 21, link: .none, hasBoxes: true),
      Case(name: "yolov6-parts-17", places: 21, link: .none, hasBoxes: true),
      Case(name: "nanodet-joint", places: 21),
      Case(name: "rtmdet-raw", places: 21, link: .none),
      Case(name: "fcos-4", places: 21, classes: 4, link: .none),
      Case(name: "retinanet-4", places: 21, classes: 4, link: .none),
      Case(name: "scrfd", places: 42, classes: 1),
      Case(name: "suppressed-alone", places: 21, hasBoxes: true),
    ]
  }

  @Test(
    "a head's classes are found on all scales, with labels and without, and its best places are PyTorch's",
    arguments: Case.all)
  func layout(_ expected: Case) throws {
    let file = try Network(contentsOf: "\(folder)/\(expected.name).onnx")
    let shapes = try file.shapes(inputShape: [1, 3, 32, 32])
    let input = try recorded("input")
    for network in [file, file.labelled((0..<expected.classes).map { "class \($0)" })] {
      let scores = try #require(network.classScores(in: shapes))
      #expect(scores.task == .detection && scores.count == expected.classes)
      #expect(scores.places == expected.places && scores.link == expected.link)
      #expect(!scores.objectness.isEmpty == expected.hasObjectness)
      #expect(Set(scores.scales.map(\.stride)) == [8, 16, 32])
      #expect(network.hasBoxes(of: scores, in: shapes) == expected.hasBoxes)
      #expect(
        network.classCount(fitting: network.labels.isEmpty ? nil : expected.classes)
          == expected.classes)
      let explained = Explained(
        Objective.score(0, of: scores), in: network, inputShape: input.shape, feed: .raw)
      let truth = try recorded("\(expected.name)-value").scalars[0]
      #expect(abs(try explained.values(at: input)[0] - truth) < 1e-5 * max(1, abs(truth)))
      let gradient = try explained.gradient(at: input)
      let other = try recorded("\(expected.name)-gradient")
      #expect((gradient - other).norm < 1e-5 * other.norm && other.norm > 0)
    }
  }

  @Test(
    "what is seen is a class's probability times the objectness, in boxes that the file decodes or leaves raw",
    arguments: [
      "yolov5", "yolov5-raw", "yolov5-convolutions", "yolov5-rknn", "yolov5-grids-last",
      "yolox-decoded", "yolox", "yolox-raw", "yolov8-raw-7", "yolov8-raw-32", "yolov6-parts-17",
    ])
  func detections(name: String) throws {
    let network = try Network(contentsOf: "\(folder)/\(name).onnx")
    let shapes = try network.shapes(inputShape: [1, 3, 32, 32])
    let scores = try #require(network.classScores(in: shapes))
    let input = try recorded("input")
    let found = try network.detections(
      in: input, scores: scores, shapes: shapes, feed: .raw, threads: 1)
    let expected = try recorded("\(name)-detections")
    let decodes = [
      "yolox": "YOLOX's", "yolox-raw": "YOLOX's", "yolov8-raw-7": "Ultralytics'",
      "yolov8-raw-32": "Ultralytics'", "yolov6-parts-17": "Ultralytics'",
      "yolov5-raw": "YOLOv5's", "yolov5-convolutions": "YOLOv5's", "yolov5-rknn": "YOLOv5's",
      "yolov5-grids-last": "YOLOv5's",
    ]
    #expect(
      found.allSatisfy { one in
        decodes[name].map { one.guess?.contains("boxes are decoded as \($0)") ?? false } ?? true
      })
    #expect(found.count == expected.shape[0])
    for (one, row) in zip(found, 0..<expected.shape[0]) {
      let numbers = Array(expected.scalars[6 * row..<6 * row + 6])
      #expect(one.index == Int(numbers[0]) && abs(one.confidence - numbers[1]) < 1e-5)
      let box = [one.box.left, one.box.top, one.box.right, one.box.bottom]
      for (a, b) in zip(box, numbers[2...]) { #expect(abs(a - b) < 1e-4 * max(1, abs(b))) }
    }
    let classes = try network.classes(of: input, shapes: shapes, feed: .raw, threads: 1)
    #expect(classes[0].index == found[0].index)
    // Of numbers that nothing is said of, no probabilities are made.
    if scores.link == .sigmoid { #expect(classes[0].probability == found[0].confidence) }
  }

  @Test("labels of another number than a head has classes fit none of it")
  func labels() throws {
    for name in ["yolox", "yolov8-raw-7", "yolov5-raw"] {
      let network = try Network(contentsOf: "\(folder)/\(name).onnx")
        .labelled(["a", "b", "c", "d"])
      let (fitting, doubt) = network.fittingLabels()
      #expect(fitting.labels.isEmpty)
      #expect(doubt?.contains("are 4, and the network has 7 classes: not believed") == true)
    }
  }

  @Test("what is taken to be so without being said is said")
  func words() throws {
    func words(_ name: String, labels: Int = 0) throws -> String? {
      let network = try Network(contentsOf: "\(folder)/\(name).onnx")
        .labelled((0..<labels).map(String.init))
      return network.classScores(in: try network.shapes(inputShape: [1, 3, 32, 32]))?.inWords
    }
    let said = "a detector of 7 classes at 63 places (strides 8, 16, 32), with an objectness"
    #expect(
      try words("yolov5-convolutions")
        == said + "; 36 channels are taken for 3 anchors of 4 + 1 + 7 numbers")
    #expect(try words("yolov5-convolutions", labels: 7) == said)
  }
}
