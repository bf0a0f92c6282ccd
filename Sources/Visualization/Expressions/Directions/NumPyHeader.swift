#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

/// What stands before the numbers of a NumPy file.
///
/// `\u{93}NUMPY`, the version, the length, and a dictionary of Python with `descr`, `fortran_order` and `shape`.
/// Source: NumPy, `numpy/lib/format.py`, versions 1 to 3.
package struct NumPyHeader {
  /// How the numbers are written, `descr`.
  package let type: String
  /// Whether columns lie one after the other and not rows.
  package let isColumnMajor: Bool
  /// The extents as the file has them, whatever they are; −1 for what is no number.
  package let extents: [Int]
  /// Where the numbers begin.
  package let length: Int

  /// Why there is none.
  package struct Fault: Error {
    package let reason: String
    /// Whether it is a file of something else.
    package var isForeign = false
  }

  /// Reads what a file begins with.
  ///
  /// - Parameter bytes: All of the file.
  /// - Throws: `Fault` where the bytes are not such a file, or its header cannot be read.
  package init(_ bytes: Data) throws(Fault) {
    let start = [UInt8](bytes.prefix(12))
    guard start.count >= 10, Array(start[..<6]) == [0x93] + Array("NUMPY".utf8) else {
      throw Fault(reason: "is no NumPy file (.npy)", isForeign: true)
    }
    let sizeBytes = start[6] == 1 ? 2 : 4
    guard start.count >= 8 + sizeBytes else { throw Fault(reason: "ends too early") }
    let size = start[8..<8 + sizeBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
    length = 8 + sizeBytes + size
    guard length <= bytes.count, size <= Self.longest else { throw Fault(reason: "ends too early") }
    let header = bytes[bytes.startIndex + 8 + sizeBytes..<bytes.startIndex + length]
    let text = String(decoding: header, as: UTF8.self).filter { !$0.isWhitespace }
    guard let type = text.between("'descr':'", "'"),
      let order = text.between("'fortran_order':", ","), ["True", "False"].contains(order),
      let axes = text.between("'shape':(", ")")
    else { throw Fault(reason: "has a header that cannot be read") }
    (self.type, isColumnMajor) = (type, order == "True")
    extents = axes.split(separator: ",").map { Int($0) ?? -1 }
  }

  /// NumPy itself writes some hundred bytes.
  private static var longest: Int { 1 << 20 }
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
