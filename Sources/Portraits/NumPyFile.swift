import Files
public import Tensors

/// Numbers in a NumPy file: any extents, floats of 16 to 64 bits, integers and Booleans, little-endian, in C order.
///
/// Source: NumPy, `numpy/lib/format.py`, versions 1 to 3.
public struct NumPyFile: Sendable {
  /// The numbers; integers beyond 2²⁴ are rounded.
  public let tensor: Tensor

  /// Reads a file.
  ///
  /// - Throws: `NumPyFileError` for what is no such file, `FileError` for what cannot be read.
  public init(contentsOf path: String) throws {
    let bytes = try readFile(at: path)
    func wrong(_ reason: String) -> NumPyFileError { NumPyFileError(file: path, reason: reason) }
    guard bytes.count >= 12, Array(bytes[..<6]) == [0x93] + Array("NUMPY".utf8) else {
      throw wrong("is no NumPy file (.npy)")
    }
    let start = bytes[6] == 1 ? 10 : 12
    let size = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count - start >= size else { throw wrong("ends too early") }
    let header = String(decoding: bytes[start..<start + size], as: UTF8.self)
      .filter { !$0.isWhitespace }
    guard let type = header.part(after: "'descr':'", before: "'"),
      let order = header.part(after: "'fortran_order':", before: ","),
      let axes = header.part(after: "'shape':(", before: ")")
    else { throw wrong("has a header that cannot be read") }
    guard let width = Self.width(of: type) else {
      throw wrong("has numbers of type \(type); save it as float32, little-endian")
    }
    let extents = axes.split(separator: ",").map { Int($0) ?? -1 }
    let count = extents.reduce(1) { product, extent in
      (0...1 << 28).contains(extent) && product <= 1 << 28 ? product * extent : 1 << 60
    }
    guard count <= 1 << 28 else {
      throw wrong("has the shape (\(axes)), which is no shape or too large")
    }
    guard order == "False" || extents.count < 2 else {
      throw wrong("is in Fortran's order; save numpy.ascontiguousarray of it")
    }
    let held = bytes.count - start - size
    guard held == count * width else {
      throw wrong("declares \(count) numbers and holds \(held / width)")
    }
    let data = bytes[(start + size)...]
    tensor = Tensor(
      Shape(extents),
      (0..<count).map { Self.number(data, at: start + size + $0 * width, type, width) })
    guard tensor.isFinite else { throw wrong("holds numbers that are infinite or not numbers") }
  }

  /// The bytes of a number of a type; nil for a type that is not read.
  private static func width(of type: String) -> Int? {
    guard let order = type.first, "<|=".contains(order), let width = Int(type.dropFirst(2)) else {
      return nil
    }
    let widths: [Character: [Int]] = [
      "f": [2, 4, 8], "i": [1, 2, 4, 8], "u": [1, 2, 4, 8], "b": [1],
    ]
    return widths[type[type.index(after: type.startIndex)]]?.contains(width) == true ? width : nil
  }

  private static func number(
    _ bytes: ArraySlice<UInt8>, at start: Int, _ type: String, _ width: Int
  ) -> Float {
    let bits = bytes[start..<start + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    switch (type.dropFirst().first, width) {
    case ("f", 2): return Float(Float16(bitPattern: UInt16(bits)))
    case ("f", 4): return Float(bitPattern: UInt32(bits))
    case ("f", _): return Float(Double(bitPattern: bits))
    case ("i", _):
      let shift = UInt64(64 - 8 * width)
      return Float(Int64(bitPattern: bits << shift) >> Int64(shift))
    default: return Float(bits)
    }
  }
}

/// Why a file is no array of NumPy's.
public struct NumPyFileError: Error, Hashable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// What is wrong with it.
  public let reason: String
  /// What is wrong and what to do.
  public var description: String { "\(file) \(reason)" }
}

extension String {
  fileprivate func part(after before: String, before after: String) -> String? {
    guard let start = firstRange(of: before)?.upperBound,
      let end = self[start...].firstRange(of: after)?.lowerBound
    else { return nil }
    return String(self[start..<end])
  }
}
