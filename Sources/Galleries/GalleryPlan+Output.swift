#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A plan that wants to write outside of the folder that it lies in.
public struct OutputOutsideError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The plan's file.
  public let plan: String
  /// Where it wants to write.
  public let output: String

  /// What is wrong, and what to do.
  public var description: String {
    "\(plan): `output` is \(output), outside of the folder that the plan lies in, where a plan may not write "
      + "by itself; name the folder yourself"
  }
}

extension GalleryPlan {
  /// Refuses an `output` that leads out of the plan's folder: by `..`, from the root, or through a link.
  ///
  /// - Throws: `OutputOutsideError`.
  func checkOutputIsInside() throws(OutputOutsideError) {
    guard let output else { return }
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
    let (inner, outer) = (resolved(output), resolved(folder))
    guard let inner, let outer, inner == outer || inner.hasPrefix(outer == "/" ? "/" : outer + "/")
    else { throw OutputOutsideError(plan: file, output: output) }
  }
}

/// The absolute path behind all links; what is not there yet stands at its end as it is.
///
/// - Returns: nil where it cannot be followed.
private func resolved(_ path: String) -> String? {
  if let known = realpath(path, nil) {
    defer { free(known) }
    return String(cString: known)
  }
  guard errno == ENOENT else { return nil }
  var parts = path.split(separator: "/").map(String.init)
  guard let last = parts.popLast(), last != ".." else { return nil }
  // A link to what is not there leads nobody knows where.
  var status = stat()
  if lstat(path, &status) == 0 { return nil }
  let parent = (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  return resolved(parent.isEmpty ? "." : parent).map { $0 == "/" ? "/\(last)" : "\($0)/\(last)" }
}
