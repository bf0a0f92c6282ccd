import Tensors
import Testing

@testable import Explanations

@Suite struct NumberTests {
  @Test func significantDigits() {
    let truths: [(Float, String)] = [
      (0, "0"), (0.034_21, "0.0342"), (-12.345, "−12.3"), (4.1e-7, "4.10e−7"), (123_456, "123456"),
      (9.9996, "10.0"), (1.5e9, "1.50e9"), (0.5, "0.500"), (.infinity, "inf"),
    ]
    for (number, text) in truths { #expect(number.significant(3) == text, "\(number)") }
    #expect(Float(3e-6).percent == "<\u{202F}0.01\u{202F}%" && Float(0).percent == "0.00\u{202F}%")
    #expect(Float(0.998).percent == "99.8\u{202F}%" && Float(0.0004).percent == "0.04\u{202F}%")
  }

  @Test("NumPy's own files of the same arrays")
  func numpy() {
    let map = NPY.file(of: Tensor([2, 3], [0, 1, -1, 0.5, 2, 3]))
    #expect(map.count == 128 + 24)
    #expect(map.prefix(10) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0])
    let header = String(decoding: map[10..<128], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"))
    #expect(header.hasSuffix(" \n"))
    #expect(map[132..<136] == [0, 0, 0x80, 0x3F] && map[136..<140] == [0, 0, 0x80, 0xBF])
    let row = NPY.file(of: Tensor([4], [1, 2, 3, 4]))
    #expect(String(decoding: row[10..<128], as: UTF8.self).contains("'shape': (4,), }"))
  }

  @Test func tablesHaveALineARow() {
    let table = commaSeparated(Tensor([2, 2], [1, -0.5, .nan, 3]))
    #expect(String(decoding: table, as: UTF8.self) == "1.0,-0.5\n,3.0\n")
  }
}
