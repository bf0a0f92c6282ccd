import Memory

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// A model may come from anybody, so the path in it is hostile until shown otherwise: it must stay, links
// resolved, within the folder that the model lies in.
extension TensorDecoder {
  /// The bytes of a tensor kept in another file.
  ///
  /// - Parameter byteCount: How many the tensor's dimensions need.
  /// - Returns: So many bytes, from the offset that the tensor names.
  /// - Throws: `.tensor` when the file is missing, too short or outside the model's folder.
  func externalData(byteCount: Int) throws(ONNXError) -> Data {
    // Twice: as they stand in the file, and as numbers.
    guard byteCount <= MemoryLimit.bytes / 2 else {
      throw .noRoom(
        file: file, tensor: tensor.name, needed: byteCount, limit: MemoryLimit.bytes)
    }
    let entries = tensor.externalData.dictionary
    guard let location = entries["location"] else {
      throw failure("is external, but no file is named. Export the model again.")
    }
    let offset = try number(entries["offset"], "offset") ?? 0
    let length = try number(entries["length"], "length") ?? byteCount
    guard length == byteCount else {
      throw failure(
        "claims \(length) bytes of '\(location)' where its dimensions \(tensor.dims) need "
          + "\(byteCount). Export the model again.")
    }
    let path = try resolve(location)
    let bytes = try FileBytes(path)
    let (end, overflow) = offset.addingReportingOverflow(length)
    guard !overflow, end <= bytes.count else {
      throw failure(
        "needs bytes \(offset) to \(overflow ? "…" : "\(end)") of '\(location)', which has only "
          + "\(bytes.count). Is it cut short, or another model's?")
    }
    return try bytes.read(offset..<end)
  }

  private func number(_ text: String?, _ key: String) throws(ONNXError) -> Int? {
    guard let text else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw failure("has the external \(key) '\(text)', which is not a count of bytes.")
    }
    return number
  }

  /// The absolute path of external data, which is inside the model's folder.
  private func resolve(_ location: String) throws(ONNXError) -> String {
    guard !file.isEmpty else {
      throw failure("is in the external file '\(location)', but the model is not from a file.")
    }
    let parts = location.split(whereSeparator: { $0 == "/" || $0 == "\\" })
    let isAbsolute = location.hasPrefix("/") || location.hasPrefix("\\")
    guard !parts.isEmpty, !isAbsolute, !parts.contains(".."), !location.utf8.contains(0) else {
      throw outside(location)
    }
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let base = folder.isEmpty ? "." : folder.joined(separator: "/") + "/"
    guard let root = realPath(base) else {
      throw .unreadable(file: base, reason: "the model's folder cannot be read")
    }
    guard let path = realPath("\(root)/\(location)") else {
      throw failure(
        "is in the external file '\(location)', which is not beside the model. "
          + "Copy it into \(root).")
    }
    guard path.hasPrefix(root == "/" ? root : root + "/") else { throw outside(location) }
    return path
  }

  private func outside(_ location: String) -> ONNXError {
    failure(
      "is in the external file '\(location)', outside the model's folder; that is refused. "
        + "If you trust the model, copy the file itself (no link) beside it.")
  }
}

/// The absolute path without links; nil if there is no such file.
private func realPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}
