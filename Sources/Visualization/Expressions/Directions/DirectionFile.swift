#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A row of numbers in a file of arrays, as people write it.
///
/// | written | is |
/// | --- | --- |
/// | `probe.npy` | the one row of a NumPy file |
/// | `probe.npy:3`, `probe.npy[3]` | row 3 of several |
/// | `sae.safetensors:W_dec:3`, `sae.safetensors:W_dec[3]` | row 3 of the tensor `W_dec` |
/// | `sae.safetensors:3` | row 3 of the one tensor that the file has |
struct DirectionFile {
  /// The file.
  let path: String
  private let tensor: String?
  private let row: Int?

  init(_ text: String) {
    let (front, row) = Self.splittingRow(text)
    self.row = row
    guard let end = front.ranges(of: ".safetensors:").last else {
      (path, tensor) = (front, nil)
      return
    }
    path = String(front[..<front.index(before: end.upperBound)])
    tensor = String(front[end.upperBound...])
  }

  /// What stands before a row, and the row.
  private static func splittingRow(_ text: String) -> (String, Int?) {
    if text.hasSuffix("]"), let open = text.lastIndex(of: "["),
      let row = Int(text[text.index(after: open)...].dropLast())
    {
      return (String(text[..<open]), row)
    }
    if let colon = text.lastIndex(of: ":"), let row = Int(text[text.index(after: colon)...]) {
      return (String(text[..<colon]), row)
    }
    return (text, nil)
  }

  /// The numbers.
  ///
  /// - Throws: `DirectionError`.
  func numbers() throws(DirectionError) -> [Float] {
    let array = try array(bytes())
    let numbers = try array.row(row)
    guard numbers.allSatisfy(\.isFinite) else {
      throw DirectionError(file: path, reason: "holds numbers that are infinite or not numbers")
    }
    guard numbers.contains(where: { $0 != 0 }) else {
      throw DirectionError(
        file: path, reason: "holds nothing but zeros there: that is no direction")
    }
    return numbers
  }

  private func array(_ bytes: Data) throws(DirectionError) -> StoredArray {
    if path.hasSuffix(".safetensors") {
      return try Safetensors(file: path, bytes).array(named: tensor)
    }
    return try StoredArray(numPy: bytes, file: path)
  }

  /// The file as it lies on the disk: a row of gigabytes is all that is read.
  private func bytes() throws(DirectionError) -> Data {
    let attributes = try? FileManager.default.attributesOfItem(atPath: resolved)
    switch attributes?[.type] as? FileAttributeType {
    case .typeRegular?: break
    case nil: throw DirectionError(file: path, reason: "cannot be read; check the path")
    default: throw DirectionError(file: path, reason: "is no file of numbers")
    }
    do {
      return try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
    } catch {
      throw DirectionError(file: path, reason: "cannot be read")
    }
  }

  private var resolved: String { URL(filePath: path).resolvingSymlinksInPath().path }
}

/// A file that has no such direction.
struct DirectionError: Error, CustomStringConvertible {
  let file: String
  let reason: String
  var description: String { "\(file) \(reason)" }
}
