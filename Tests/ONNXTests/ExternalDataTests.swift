import Foundation
import ONNX
import TestSupport
import Testing

@Suite("External data")
struct ExternalDataTests {
  let folder: TemporaryFolder
  let model: String

  init() throws {
    folder = try TemporaryFolder()
    try folder.file("secret", Array(repeating: 1, count: 8))
    try folder.file("model/weights.bin", [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40])
    try folder.file("model/inner/weights.bin", [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])
    model = "\(folder.path)/model/net.onnx"
  }

  /// Decodes a tensor of two floats in another file.
  func floats(_ entries: KeyValuePairs<String, String>, dims: [Int64] = [2]) throws -> [Float] {
    var tensor = TensorProto()
    tensor.name = "w"
    tensor.dims = dims
    tensor.dataType = Int32(TensorProto.DataType.float.rawValue)
    tensor.dataLocation = .external
    tensor.externalData = entries.map { StringStringEntryProto($0.key, $0.value) }
    return try TensorData(tensor, of: model).floats()
  }

  @Test("Files in the model's folder and below it")
  func allowed() throws {
    #expect(try floats(["location": "weights.bin"]) == [1, 2])
    #expect(try floats(["location": "./weights.bin", "offset": "4", "length": "8"]) == [2, 3])
    #expect(try floats(["location": "inner/weights.bin", "length": "8"]) == [1, 2])
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/model/link", withDestinationPath: "inner/weights.bin")
    #expect(try floats(["location": "link"]) == [1, 2])
  }

  @Test(
    "Paths that leave the folder are refused",
    arguments: [
      "../secret", "/etc/passwd", "inner/../../secret", "..", ".", "", "/", "inner/..",
      "..\\secret", "\\secret", "weights.bin\0", "inner//../../secret",
    ])
  func escapes(location: String) {
    #expect(throws: ONNXError.self) { try floats(["location": location]) }
  }

  @Test("Links that leave the folder are refused")
  func links() throws {
    let manager = FileManager.default
    try manager.createSymbolicLink(
      atPath: "\(folder.path)/model/file", withDestinationPath: "../secret")
    try manager.createSymbolicLink(
      atPath: "\(folder.path)/model/folder", withDestinationPath: folder.path)
    // A sibling whose name begins like the folder's.
    try folder.file("model-two/secret", Array(repeating: 1, count: 8))
    try manager.createSymbolicLink(
      atPath: "\(folder.path)/model/sibling", withDestinationPath: "../model-two/secret")
    for location in ["file", "folder/secret", "sibling"] {
      #expect {
        try floats(["location": location])
      } throws: {
        "\($0)".contains("outside the model's folder") && "\($0)".contains("net.onnx")
      }
    }
  }

  @Test("Pipes and folders are not read")
  func notFiles() {
    mkfifo("\(folder.path)/model/pipe", 0o600)
    #expect(throws: ONNXError.self) { try floats(["location": "pipe"]) }
    #expect(throws: ONNXError.self) { try floats(["location": "inner"]) }
  }

  @Test("Ranges outside the file are refused")
  func ranges() {
    let ranges = [
      ("-1", "8"), ("8", "8"), ("0", "7"), ("0", "-8"), ("0", "10000000000"), ("x", "8"),
      ("\(Int.max)", "8"), ("9223372036854775808", "8"), ("12", "8"),
    ]
    for (offset, length) in ranges {
      #expect(throws: ONNXError.self, "\(offset), \(length)") {
        try floats(["location": "weights.bin", "offset": offset, "length": length])
      }
    }
    #expect(throws: ONNXError.self) {
      try floats(["location": "weights.bin"], dims: [2_500_000_000])
    }
    #expect(throws: ONNXError.self) { try floats(["location": "missing.bin"]) }
    #expect(throws: ONNXError.self) { try floats([:]) }
  }
}
