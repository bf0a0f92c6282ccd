#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A row of numbers in a NumPy file: `FILE.npy`, or `FILE.npy[3]` for row 3 of several.
///
/// Floats of 32 and 64 bits, little-endian, one axis or two, rows one after the other. Source: NumPy,
/// `numpy/lib/format.py`.
struct NumPyRow {
  /// The file.
  let path: String
  private let row: Int?

  init(_ text: String) {
    if text.hasSuffix("]"), let open = text.lastIndex(of: "["),
      let row = Int(text[text.index(after: open)...].dropLast())
    {
      (path, self.row) = (String(text[..<open]), row)
    } else {
      (path, row) = (text, nil)
    }
  }

  /// The numbers.
  ///
  /// - Throws: `NumPyError`.
  func numbers() throws(NumPyError) -> [Float] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw NumPyError(file: path, reason: "cannot be read")
    }
    let bytes = [UInt8](data)
    let header = try header(bytes)
    let (first, count) = try place(header.shape)
    let width = header.isDouble ? 8 : 4
    let total = header.shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    guard bytes.count - header.length == total * width else {
      throw NumPyError(
        file: path,
        reason: "declares \(total) numbers and holds \((bytes.count - header.length) / width)")
    }
    let numbers = (first..<first + count).map { index in
      let start = header.length + index * width
      let bits = bytes[start..<start + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return header.isDouble
        ? Float(Double(bitPattern: bits)) : Float(bitPattern: UInt32(truncatingIfNeeded: bits))
    }
    guard numbers.allSatisfy(\.isFinite) else {
      throw NumPyError(file: path, reason: "holds numbers that are infinite or not numbers")
    }
    return numbers
  }

  /// Where the row starts and how long it is, in numbers.
  private func place(_ shape: [Int]) throws(NumPyError) -> (first: Int, count: Int) {
    switch (shape.count, row) {
    case (1, nil): return (0, shape[0])
    case (2, nil) where shape[0] == 1: return (0, shape[1])
    case (2, let row?) where (0..<shape[0]).contains(row): return (row * shape[1], shape[1])
    case (2, nil):
      throw NumPyError(file: path, reason: "has \(shape[0]) rows; say which, such as \(path)[0]")
    case (2, let row?):
      throw NumPyError(file: path, reason: "has the rows 0…\(shape[0] - 1), not \(row)")
    case (1, _): throw NumPyError(file: path, reason: "has one axis and no rows; leave [ ] out")
    default:
      throw NumPyError(file: path, reason: "has \(shape.count) axes; it must have one or two")
    }
  }

  // MARK: The header

  private struct Header {
    let isDouble: Bool
    let shape: [Int]
    /// The bytes before the numbers.
    let length: Int
  }

  /// `\u{93}NUMPY`, the version, the length, and a dictionary of Python with `descr`, `fortran_order` and
  /// `shape`.
  private func header(_ bytes: [UInt8]) throws(NumPyError) -> Header {
    guard bytes.count >= 10, Array(bytes[..<6]) == [0x93] + Array("NUMPY".utf8) else {
      throw NumPyError(file: path, reason: "is no NumPy file (.npy)")
    }
    let sizeBytes = bytes[6] == 1 ? 2 : 4
    guard bytes.count >= 8 + sizeBytes else {
      throw NumPyError(file: path, reason: "ends too early")
    }
    let size = bytes[8..<8 + sizeBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
    let length = 8 + sizeBytes + size
    guard length <= bytes.count else { throw NumPyError(file: path, reason: "ends too early") }
    let text = String(decoding: bytes[(8 + sizeBytes)..<length], as: UTF8.self).filter {
      !$0.isWhitespace
    }
    guard let type = text.between("'descr':'", "'"),
      let order = text.between("'fortran_order':", ","),
      let axes = text.between("'shape':(", ")")
    else { throw NumPyError(file: path, reason: "has a header that cannot be read") }
    guard type == "<f4" || type == "<f8" else {
      throw NumPyError(
        file: path,
        reason: "has numbers of type \(type); save it as float32 or float64, little-endian")
    }
    let shape = axes.split(separator: ",").map { Int($0) ?? -1 }
    guard shape.allSatisfy({ (1...1 << 28).contains($0) }), !shape.isEmpty else {
      throw NumPyError(file: path, reason: "has the shape (\(axes)); it must have one axis or two")
    }
    guard order == "False" || shape.count == 1 else {
      throw NumPyError(
        file: path, reason: "is in Fortran's order; save numpy.ascontiguousarray of it")
    }
    return Header(isDouble: type == "<f8", shape: shape, length: length)
  }
}

/// A NumPy file that is no direction.
struct NumPyError: Error, CustomStringConvertible {
  let file: String
  let reason: String
  var description: String { "\(file) \(reason)" }
}

extension String {
  /// What stands between two marks.
  fileprivate func between(_ before: String, _ after: String) -> String? {
    guard let start = firstRange(of: before)?.upperBound,
      let end = self[start...].firstRange(of: after)?.lowerBound
    else { return nil }
    return String(self[start..<end])
  }
}
