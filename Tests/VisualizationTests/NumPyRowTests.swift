import Foundation
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

@Suite struct NumPyRowTests {
  private func numbers(_ data: Data, row: String = "") throws -> [Float] {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).npy")
    try data.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try NumPyRow(file.path + row).numbers()
  }

  @Test("floats and doubles, one axis, one row, and a row of several")
  func rows() throws {
    #expect(try numbers(NumPyData.doubles([1.5, -2, 1e-3])) == [1.5, -2, 1e-3])
    #expect(try numbers(NumPyData.floats([[1, 2.5]])) == [1, 2.5])
    #expect(try numbers(NumPyData.floats([[1, 2], [3, 4], [5, -6]]), row: "[2]") == [5, -6])
    let column = NumPyData.file("<f4", order: "True", shape: "(2,)", NumPyData.bytes([7, 8]))
    #expect(try numbers(column) == [7, 8])
  }

  @Test("what cannot be a direction is refused by name")
  func refused() throws {
    let two = NumPyData.floats([[1, 2], [3, 4]])
    func reason(_ data: Data, row: String = "") throws -> String {
      try #require(throws: NumPyError.self) { try numbers(data, row: row) }.reason
    }
    #expect(try reason(two).hasPrefix("has 2 rows; say which"))
    #expect(try reason(two, row: "[2]").contains("rows 0…1, not 2"))
    #expect(try reason(NumPyData.doubles([1]), row: "[0]").contains("no rows"))
    #expect(try reason(two.dropLast(4), row: "[0]").contains("declares 4 numbers and holds 3"))
    #expect(try reason(two.prefix(20)).contains("ends too early"))
    #expect(try reason(Data("hello, world".utf8)).contains("no NumPy file"))
    let bytes = NumPyData.bytes([1, 2, 3, 4])
    #expect(try reason(NumPyData.file(">f4", shape: "(4,)", bytes)).contains("type >f4"))
    #expect(try reason(NumPyData.file("<i4", shape: "(4,)", bytes)).contains("type <i4"))
    #expect(
      try reason(NumPyData.file("<f4", order: "True", shape: "(2, 2)", bytes)).contains("Fortran"))
    #expect(try reason(NumPyData.file("<f4", shape: "(1, 2, 2)", bytes)).contains("3 axes"))
    #expect(try reason(NumPyData.file("<f4", shape: "()", bytes)).contains("shape ()"))
    #expect(
      try reason(NumPyData.file("<f4", shape: "(99999999999, 9)", bytes)).contains("the shape"))
    #expect(try reason(NumPyData.doubles([.nan])).contains("infinite or not numbers"))
  }
}
