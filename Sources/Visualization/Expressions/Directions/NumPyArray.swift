#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension StoredArray {
  /// The array of a NumPy file: floats and whole numbers of either order of bytes, in C's or Fortran's order.
  ///
  /// - Throws: `DirectionError`.
  init(numPy bytes: Data, file: String) throws(DirectionError) {
    let header: NumPyHeader
    do {
      header = try NumPyHeader(bytes)
    } catch {
      throw DirectionError(
        file: file,
        reason: error.reason + (error.isForeign ? " and is not called .safetensors" : ""))
    }
    guard let number = StoredNumber(numPy: header.type) else {
      throw DirectionError(
        file: file,
        reason: "has numbers of type \(header.type); save it as float32, for example")
    }
    guard header.extents.allSatisfy({ $0 >= 0 }) else {
      throw DirectionError(file: file, reason: "has a header that cannot be read")
    }
    try self.init(
      file: file, bytes: bytes, offset: header.length, length: bytes.count - header.length,
      type: number, shape: header.extents, isColumnMajor: header.isColumnMajor)
  }
}
