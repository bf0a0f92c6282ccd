import Files
import Foundation
public import Memory
public import Tensors
import Visualization

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
    let bytes = Data(try readFile(at: path))
    func wrong(_ reason: String) -> NumPyFileError { NumPyFileError(file: path, reason: reason) }
    let header: NumPyHeader
    do {
      header = try NumPyHeader(bytes)
    } catch {
      throw wrong(error.reason)
    }
    // Booleans lie there as bytes.
    let type = header.type.hasSuffix("b1") ? "|u1" : header.type
    guard let number = StoredNumber(numPy: type), !number.isBigEndian else {
      throw wrong("has numbers of type \(header.type); save it as float32, little-endian")
    }
    let extents = header.extents
    let count = extents.reduce(1) { product, extent in
      (0...1 << 28).contains(extent) && product <= 1 << 28 ? product * extent : 1 << 60
    }
    guard count <= 1 << 28 else {
      let axes = extents.map(String.init).joined(separator: ",")
      throw wrong("has the shape (\(axes)), which is no shape or too large")
    }
    guard !header.isColumnMajor || extents.count < 2 else {
      throw wrong("is in Fortran's order; save numpy.ascontiguousarray of it")
    }
    let held = bytes.count - header.length
    guard held == count * number.width else {
      throw wrong("declares \(count) numbers and holds \(held / number.width)")
    }
    if let reason = MemoryLimit.lackOfRoom(forNumbers: count) {
      throw NumPyFileError(file: path, reason: reason, isShortageOfMemory: true)
    }
    tensor = Tensor(
      Shape(extents),
      (0..<count).map { number.number(bytes, at: header.length + $0 * number.width) })
    guard tensor.isFinite else { throw wrong("holds numbers that are infinite or not numbers") }
  }
}

extension MemoryLimit {
  /// Why a file's numbers cannot be read: as they come from it and as a tensor they are more than may be taken.
  ///
  /// - Parameters:
  ///   - count: How many it holds.
  ///   - copies: How many times they are held at once.
  /// - Returns: `nil` where there is room.
  static func lackOfRoom(forNumbers count: Int, copies: Int = 2) -> String? {
    let needed = product([copies, count, MemoryLayout<Float>.stride])
    guard needed > bytes else { return nil }
    return
      "needs \(MemoryError.amount(needed)) of memory, and \(MemoryError.amount(bytes)) may be taken; "
      + "save a part of it, or allow more"
  }
}

/// Why a file is no array of NumPy's.
public struct NumPyFileError: ShortageOfMemory, Hashable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// What is wrong with it.
  public let reason: String
  /// Whether there was no room for it.
  public internal(set) var isShortageOfMemory = false
  /// What is wrong and what to do.
  public var description: String { "\(file) \(reason)" }
}
