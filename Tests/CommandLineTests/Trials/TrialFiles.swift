import Foundation
import Imaging
import Tensors

/// Files for a random command line: a model, pictures, a plan, labels, a folder of pictures, a case, and the same with
/// something changed.
struct TrialFiles {
  private let folder: URL

  /// Names that are no files to work with.
  static let none = [
    "missing.onnx", "/dev/null", "/dev/zero", ".", "pipe", "empty", "no/such/folder/x.png",
  ]

  /// Writes all of them.
  init(in folder: URL, _ random: inout SplitMix64) throws {
    self.folder = folder
    try writeSmallModel(to: url("net.onnx"))
    try writeSmallModel(
      to: url("odd.onnx"), operators: ["Sigmoid", "Relu"],
      metadata: [("labels", "a\u{1B}[31m\nb\u{0}\n\u{202E}c\nd\ne"), ("input.size", "9,7")])
    try writePicture(to: url("cat.png"))
    try write(Self.plan, "plan.yaml")
    try write("one\ntwo\nthree\nfour\nfive\n", "labels.txt")
    try write("", "empty")
    for (name, width) in [("a", 9), ("b", 8)] {
      for number in 0..<3 {
        let path = "data/\(name)/\(number).png"
        try make(folderOf: path)
        try writePicture(to: url(path), width: width + number, height: 8)
      }
    }
    try make(folderOf: "case/test_data_set_0/input_0.pb")
    try FileManager.default.copyItem(at: url("net.onnx"), to: url("case/model.onnx"))
    mkfifo(url("pipe").path, 0o600)
    for name in ["net.onnx", "cat.png", "plan.yaml", "labels.txt"] {
      try mutated(Data(contentsOf: url(name)), &random).write(to: url("changed-\(name)"))
    }
  }

  private static let plan = """
    title: All
    defaults: {steps: 2, size: 12}
    pictures:
      - cat
      - [conv:0-3, conv:1]
      - units: [dog, 3]
        seeds: 2
        l2: 0.5
      - objective: cat - 0.5 * dog
    """

  private func url(_ name: String) -> URL { folder.appending(path: name) }

  private func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: url(name))
  }

  private func make(folderOf path: String) throws {
    try FileManager.default.createDirectory(
      at: url(path).deletingLastPathComponent(), withIntermediateDirectories: true)
  }

  /// The bytes with some changed, left out, doubled, or cut off.
  private func mutated(_ data: Data, _ random: inout SplitMix64) -> Data {
    var bytes = [UInt8](data)
    for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: bytes.indices, using: &random)
      let count = Int.random(in: 1...min(16, bytes.count - place), using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.removeSubrange(place..<place + count)
      case 3: bytes.insert(contentsOf: bytes[place..<place + count], at: place)
      case 4: bytes.insert(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF, 0x7F].prefix(count), at: place)
      default: if Bool.random(using: &random) { bytes.removeLast(bytes.count - place) }
      }
    }
    return Data(bytes)
  }
}
