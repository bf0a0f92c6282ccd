import Explanations
import Foundation
import Memory
import Tensors
import TestSupport
import Testing

@testable import Portraits

/// Arrays that NumPy wrote.
@Suite struct NumPyFileTests {
  private func read(_ type: String, _ shape: String, _ data: [UInt8]) throws -> Tensor {
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    let folder = try TemporaryFolder()
    try folder.file(
      "a.npy",
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + header.utf8 + data)
    return try NumPyFile(contentsOf: "\(folder.path)/a.npy").tensor
  }

  @Test("floats, integers and Booleans of all widths")
  func types() throws {
    #expect(try read("<f4", "(2,)", [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]) == Tensor([2], [1, -2]))
    #expect(try read("<f2", "(1, 2)", [0x00, 0x3C, 0x00, 0xC0]) == Tensor([1, 2], [1, -2]))
    #expect(try read("<f8", "()", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]) == Tensor([], [1]))
    #expect(try read("<i2", "(2, 1)", [0xFE, 0xFF, 3, 0]) == Tensor([2, 1], [-2, 3]))
    #expect(
      try read("<i8", "(1,)", [0xFF] + [UInt8](repeating: 0xFF, count: 7)) == Tensor([1], [-1]))
    #expect(try read("|u1", "(3,)", [0, 128, 255]) == Tensor([3], [0, 128, 255]))
    #expect(try read("|b1", "(2,)", [0, 1]) == Tensor([2], [0, 1]))
  }

  @Test(
    "what is none is refused by name",
    arguments: [
      (">f4", "(1,)", 4, "type >f4"), ("<f4", "(3,)", 4, "declares 3 numbers and holds 1"),
      ("<c8", "(1,)", 8, "type <c8"), ("<f4", "(99999999999, 99999999999)", 4, "too large"),
      ("<f4", "(-1,)", 4, "too large"),
    ])
  func refused(type: String, shape: String, count: Int, message: String) throws {
    let error = try #require(throws: NumPyFileError.self) {
      try read(type, shape, [UInt8](repeating: 0, count: count))
    }
    #expect("\(error)".contains("a.npy") && "\(error)".contains(message))
  }

  @Test("more numbers than there is room for are refused by name")
  func room() throws {
    let error = try #require(throws: NumPyFileError.self) {
      try MemoryLimit.limited(to: 31) { try read("|u1", "(4,)", [1, 2, 3, 4]) }
    }
    #expect("\(error)".contains("a.npy needs 1 KB of memory") && error.isShortageOfMemory)
    let numbers = try MemoryLimit.limited(to: 32) { try read("|u1", "(4,)", [1, 2, 3, 4]) }
    #expect(numbers.scalars == [1, 2, 3, 4])
  }
}
