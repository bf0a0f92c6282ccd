#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension StoredArray {
  /// The array of a NumPy file: floats and whole numbers of either order of bytes, in C's or Fortran's order.
  ///
  /// `\u{93}NUMPY`, the version, the length, and a dictionary of Python with `descr`, `fortran_order` and
  /// `shape`. Source: NumPy, `numpy/lib/format.py`.
  ///
  /// - Throws: `DirectionError`.
  init(numPy bytes: Data, file: String) throws(DirectionError) {
    let start = [UInt8](bytes.prefix(12))
    guard start.count >= 10, Array(start[..<6]) == [0x93] + Array("NUMPY".utf8) else {
      throw DirectionError(
        file: file, reason: "is no NumPy file (.npy) and is not called .safetensors")
    }
    let sizeBytes = start[6] == 1 ? 2 : 4
    guard start.count >= 8 + sizeBytes else {
      throw DirectionError(file: file, reason: "ends too early")
    }
    let size = start[8..<8 + sizeBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
    let length = 8 + sizeBytes + size
    guard length <= bytes.count, size <= Self.longestHeader else {
      throw DirectionError(file: file, reason: "ends too early")
    }
    let header = bytes[bytes.startIndex + 8 + sizeBytes..<bytes.startIndex + length]
    let text = String(decoding: header, as: UTF8.self).filter { !$0.isWhitespace }
    guard let type = text.between("'descr':'", "'"),
      let order = text.between("'fortran_order':", ","),
      let axes = text.between("'shape':(", ")")
    else { throw DirectionError(file: file, reason: "has a header that cannot be read") }
    guard let number = StoredNumber(numPy: type) else {
      throw DirectionError(
        file: file,
        reason: "has numbers of type \(type); save it as float32, for example")
    }
    let extents = axes.split(separator: ",").map { Int($0) ?? -1 }
    guard extents.allSatisfy({ $0 >= 0 }), ["True", "False"].contains(order) else {
      throw DirectionError(file: file, reason: "has a header that cannot be read")
    }
    try self.init(
      file: file, bytes: bytes, offset: length, length: bytes.count - length, type: number,
      shape: extents, isColumnMajor: order == "True")
  }

  /// NumPy itself writes some hundred bytes.
  private static var longestHeader: Int { 1 << 20 }
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
