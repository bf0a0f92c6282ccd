import Foundation
import TestSupport
import Testing

@testable import Visualization

/// Files as `numpy.save` writes them.
enum NumPyData {
  static func file(_ type: String, order: String = "False", shape: String, _ bytes: [UInt8]) -> Data
  {
    var header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
    while (header.utf8.count + 11) % 64 != 0 { header += " " }
    header += "\n"
    let size = UInt16(header.utf8.count)
    let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(size & 255), UInt8(size >> 8)]
    return Data(start + Array(header.utf8) + bytes)
  }

  static func bytes(_ floats: [Float]) -> [UInt8] {
    floats.flatMap { float in
      (0..<4).map { UInt8(truncatingIfNeeded: float.bitPattern >> (8 * $0)) }
    }
  }

  static func floats(_ rows: [[Float]]) -> Data {
    file("<f4", shape: "(\(rows.count), \(rows[0].count))", bytes(rows.flatMap { $0 }))
  }

  static func doubles(_ numbers: [Double]) -> Data {
    let bytes = numbers.flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt64($0))) }
    }
    return file("<f8", shape: "(\(numbers.count),)", bytes)
  }
}

/// Files as safetensors writes them.
enum SafetensorsData {
  static func file(_ header: String, _ bytes: [UInt8]) -> Data {
    let text = Array(header.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    return Data(length + text + bytes)
  }

  /// Two tensors: `b`, 2 half floats, and then `W`, 2×2 floats.
  static let two = file(
    #"{"__metadata__":{"made":"by hand"},"W":{"dtype":"F32","shape":[2,2],"data_offsets":[4,20]},"#
      + #""b":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#,
    [0x00, 0x3C, 0x00, 0xC1] + NumPyData.bytes([1, 2, 3, -4.5]))
}

@Suite struct DirectionFileTests {
  private func numbers(_ data: Data, _ row: String = "", named suffix: String = "npy") throws
    -> [Float]
  {
    let folder = try TemporaryFolder()
    let path = try folder.file("v.\(suffix)", data)
    return try DirectionFile(path + row).numbers()
  }

  private func reason(_ data: Data, _ row: String = "", named suffix: String = "npy") throws
    -> String
  {
    try #require(throws: DirectionError.self) { try numbers(data, row, named: suffix) }.reason
  }

  @Test("NumPy: one axis, one row, and a row of several, in either spelling")
  func rows() throws {
    #expect(try numbers(NumPyData.doubles([1.5, -2, 1e-3])) == [1.5, -2, 1e-3])
    #expect(try numbers(NumPyData.floats([[1, 2.5]])) == [1, 2.5])
    let three = NumPyData.floats([[1, 2], [3, 4], [5, -6]])
    #expect(try numbers(three, "[2]") == [5, -6])
    #expect(try numbers(three, ":1") == [3, 4])
    let column = NumPyData.file("<f4", order: "True", shape: "(2,)", NumPyData.bytes([7, 8]))
    #expect(try numbers(column) == [7, 8])
  }

  @Test("NumPy: other types, orders of bytes and of rows are read")
  func types() throws {
    let bytes = NumPyData.bytes([1, 2, 3, 4, 5, 6])
    #expect(
      try numbers(NumPyData.file("<f4", order: "True", shape: "(2, 3)", bytes), ":1") == [2, 4, 6])
    let big = NumPyData.bytes([1.25]).reversed() + NumPyData.bytes([-3]).reversed()
    #expect(try numbers(NumPyData.file(">f4", shape: "(2,)", Array(big))) == [1.25, -3])
    #expect(try numbers(NumPyData.file("|i1", shape: "(3,)", [1, 255, 128])) == [1, -1, -128])
    #expect(try numbers(NumPyData.file("<u2", shape: "(2,)", [1, 0, 255, 255])) == [1, 65535])
    #expect(try numbers(NumPyData.file(">i4", shape: "(1,)", [255, 255, 255, 254])) == [-2])
    // 1.5, the smallest number above 0, −65504.
    let halves: [UInt8] = [0x00, 0x3E, 0x01, 0x00, 0xFF, 0xFB]
    #expect(
      try numbers(NumPyData.file("<f2", shape: "(3,)", halves)) == [1.5, 0x1p-24, -65504])
  }

  @Test("safetensors: by name, by row, the only one")
  func safetensors() throws {
    func numbers(_ row: String) throws -> [Float] {
      try self.numbers(SafetensorsData.two, row, named: "safetensors")
    }
    #expect(try numbers(":W:1") == [3, -4.5])
    #expect(try numbers(":W[0]") == [1, 2])
    #expect(try numbers(":b") == [1, -2.5])
    let one = SafetensorsData.file(
      #"{"w":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]}}"#, [0x80, 0x3F, 0x20, 0xC0])
    #expect(try self.numbers(one, ":1", named: "safetensors") == [-2.5])
    let whole = SafetensorsData.file(
      #"{"w":{"dtype":"I8","shape":[2],"data_offsets":[0,2]}}"#, [3, 254])
    #expect(try self.numbers(whole, named: "safetensors") == [3, -2])
  }

  @Test("what cannot be a direction is refused by name")
  func refused() throws {
    let two = NumPyData.floats([[1, 2], [3, 4]])
    #expect(try reason(two).hasPrefix("has 2 rows; say which"))
    #expect(try reason(two, "[2]").contains("rows 0…1, not 2"))
    #expect(try reason(two, ":-1").contains("rows 0…1, not -1"))
    #expect(try reason(NumPyData.doubles([1]), "[0]").contains("no rows"))
    #expect(try reason(two.dropLast(4), "[0]").contains("declares 4 numbers and holds 3"))
    #expect(try reason(two.prefix(20)).contains("ends too early"))
    #expect(try reason(Data("hello, world".utf8)).contains("no NumPy file"))
    let bytes = NumPyData.bytes([1, 2, 3, 4])
    for type in ["<c8", "|b1", "|O", "<U4", "<f16"] {
      #expect(try reason(NumPyData.file(type, shape: "(4,)", bytes)).contains("type \(type)"))
    }
    #expect(try reason(NumPyData.file("<f4", shape: "(1, 2, 2)", bytes)).contains("3 axes"))
    #expect(try reason(NumPyData.file("<f4", shape: "()", bytes)).contains("0 axes"))
    #expect(
      try reason(NumPyData.file("<f4", shape: "(99999999999, 9)", bytes))
        .contains("declares 899999999991 numbers"))
    #expect(
      try reason(NumPyData.file("<f4", shape: "(9999999999999, 9999999999999)", bytes))
        .contains("the shape"))
    #expect(try reason(NumPyData.doubles([.nan])).contains("infinite or not numbers"))
    #expect(try reason(NumPyData.doubles([0, 0])).contains("no direction"))
  }

  @Test("safetensors that lie about lengths, or are something else, are refused by name")
  func lies() throws {
    func reason(_ data: Data, _ row: String = ":w") throws -> String {
      try self.reason(data, row, named: "safetensors")
    }
    func header(_ text: String, _ count: Int = 8) -> Data {
      SafetensorsData.file(text, [UInt8](repeating: 1, count: count))
    }
    #expect(try reason(SafetensorsData.two, "").contains("2 tensors; say which"))
    #expect(try reason(SafetensorsData.two, ":X:1").contains("no tensor X; it has"))
    #expect(try reason(SafetensorsData.two.prefix(5)).contains("ends too early"))
    #expect(try reason(SafetensorsData.two.prefix(40)).contains("declares a header of"))
    #expect(
      try reason(Data([255, 255, 255, 255, 255, 255, 255, 255, 1])).contains("declares a header of")
    )
    #expect(try reason(SafetensorsData.two.dropLast()).contains("which is not so"))
    #expect(try reason(SafetensorsData.two + [0]).contains("have 20 bytes, and holds 21"))
    #expect(try reason(header("{nonsense")).contains("cannot be read"))
    #expect(try reason(header(#"{"w":{"dtype":"F32"}}"#)).contains("nothing that can be read"))
    #expect(
      try reason(header(#"{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#))
        .contains("declares 3 numbers and holds 2"))
    #expect(
      try reason(header(#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#))
        .contains("which is not so"))
    #expect(
      try reason(header(#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#))
        .contains("which is not so"))
    #expect(
      try reason(header(#"{"w":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}"#))
        .contains("type F8_E4M3"))
    #expect(
      try reason(
        header(#"{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}"#)
      ).contains("the shape"))
  }

  @Test("a folder and a missing file are no files of numbers")
  func noFile() throws {
    let folder = try TemporaryFolder()
    func reason(_ path: String) throws -> String {
      try #require(throws: DirectionError.self) { try DirectionFile(path).numbers() }.reason
    }
    #expect(try reason(folder.path) == "is no file of numbers")
    #expect(try reason("\(folder.path)/none.npy").hasPrefix("cannot be read"))
  }
}
