import Foundation
import ONNX
import TestSupport
import Testing

/// Bytes of messages, as protobuf.dev's "Encoding" has them.
@Suite("Bytes of messages")
struct WireTests {
  private func node(_ bytes: [UInt8]) throws -> NodeProto {
    try NodeProto(decoding: Data(bytes), of: "bytes")
  }

  private func attribute(_ bytes: [UInt8]) throws -> AttributeProto {
    try AttributeProto(decoding: Data(bytes), of: "bytes")
  }

  @Test("A file that swift-protobuf wrote is written again byte for byte")
  func sameBytes() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../models/digits.onnx").standardizedFileURL.path
    let bytes = try Data(readingFile: path)
    #expect(try ModelProto(decoding: bytes, of: path).encoded() == bytes)
    #expect(bytes.count > 1000)
  }

  @Test("Whole numbers: one a field or many in one, of all widths")
  func integers() throws {
    // Field 8 (ints): 1; then 300, -1 and 2 in one; then 3.
    let minus: [UInt8] = [UInt8](repeating: 0xFF, count: 9) + [1]
    let bytes: [UInt8] = [0x40, 1, 0x42, 13, 0xAC, 2] + minus + [2, 0x40, 3]
    #expect(try attribute(bytes).ints == [1, 300, -1, 2, 3])
    var written = AttributeProto()
    written.ints = [1, 300, -1, 2, 3]
    #expect(try written.encoded() == Data([0x42, 15, 1, 0xAC, 2] + minus + [2, 3]))
    // An int32 that is negative takes ten bytes as well.
    var tensor = TensorProto()
    tensor.dataType = -1
    #expect(try tensor.encoded() == Data([0x10] + minus))
    #expect(try TensorProto(decoding: tensor.encoded(), of: "").dataType == -1)
  }

  @Test("Numbers: one a field or many in one; half of one is an error")
  func floats() throws {
    let one: [UInt8] = [0, 0, 0x80, 0x3F]
    #expect(try attribute([0x3D] + one + [0x3A, 8] + one + one).floats == [1, 1, 1])
    #expect(try attribute([0x15] + one).f == 1)
    #expect(throws: ONNXError.self) { try attribute([0x3A, 3, 0, 0, 0x80]) }
    var written = AttributeProto()
    written.f = 0
    // Zero is said where it is meant.
    #expect(try written.encoded() == Data([0x15, 0, 0, 0, 0]))
    written = AttributeProto()
    written.i = 0
    #expect(try written.encoded() == Data([0x18, 0]))
    #expect(try attribute([0x18, 0]).hasI && !attribute([]).hasI)
  }

  @Test("What nobody asks for, and what is of another type than is due, is passed by")
  func skipped() throws {
    let name: [UInt8] = [0x1A, 1, 0x61]
    let others: [[UInt8]] = [
      [0x18, 7],  // field 3 as a number
      [0xA0, 6, 7], [0xA1, 6, 1, 2, 3, 4, 5, 6, 7, 8], [0xA2, 6, 2, 1, 2], [0xA5, 6, 1, 2, 3, 4],
      [0xA3, 6, 0x08, 1, 0x13, 0x14, 0xA4, 6],  // a group with a group in it
    ]
    for other in others {
      #expect(try node(name + other).name == "a", "\(other)")
      #expect(try node(other + name).name == "a", "\(other)")
    }
  }

  @Test("Two messages of which there is one are one, and of two values the last counts")
  func merged() throws {
    // An attribute's tensor: name, then dims.
    let bytes: [UInt8] = [0x2A, 3, 0x42, 1, 0x61, 0x2A, 2, 0x08, 5]
    #expect(try attribute(bytes).t.name == "a" && attribute(bytes).t.dims == [5])
    #expect(try node([0x1A, 1, 0x61, 0x1A, 1, 0x62]).name == "b")
    #expect(try attribute([0x22, 1, 0x61, 0x22, 1, 0x62]).s == Data("b".utf8))
    #expect(try attribute([0x18, 1, 0x18, 2]).i == 2)
  }

  @Test(
    "Bytes that are no messages",
    arguments: [
      [0x1A], [0x1A, 2, 0x61], [0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1],
      [0x1A, 0x80], [0x00, 1], [0x1E, 1], [0x1F, 1], [0x1C], [0xA3, 6, 8, 1], [0xA3, 6, 0x0C],
      [0x1A, 1, 0xFF], [0x2A, 1, 0x1A], [0x2A, 2, 0x0A, 5, 0, 0, 0, 0, 0],
      [UInt8](repeating: 0xFF, count: 11),
    ] as [[UInt8]])
  func malformed(_ bytes: [UInt8]) {
    #expect(throws: ONNXError.self) { try node(bytes) }
  }

  @Test("Groups are nested 100 deep at most")
  func groups() throws {
    func nested(_ depth: Int) -> [UInt8] {
      (0..<depth).flatMap { _ in [0xA3, 6] as [UInt8] }
        + (0..<depth).flatMap { _ in [0xA4, 6] as [UInt8] }
    }
    #expect(try node(nested(100)).name.isEmpty)
    #expect(throws: ONNXError.self) { try node(nested(101)) }
  }
}
