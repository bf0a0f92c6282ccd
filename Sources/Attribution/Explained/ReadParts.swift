import Tensors

/// Values of a graph that one plan is read for: a plan's maps stand beside what was read of it.
enum ReadParts {
  /// Bytes of the values that one plan is read for, 48 MB.
  private static let room = 48 << 20

  /// Cuts names up into parts of which each has room.
  ///
  /// - Parameters:
  ///   - names: Values of the graph.
  ///   - shapes: Their shapes.
  /// - Returns: The names in order, in parts of about one size.
  static func of(_ names: [String], _ shapes: [String: Shape]) -> [[String]] {
    let sizes = names.map { (shapes[$0]?.count ?? 0) * MemoryLayout<Float>.stride }
    let all = sizes.reduce(0, +)
    let most = all / (all / room + 1) + 1
    var (parts, filled): ([[String]], Int) = ([], 0)
    for (name, size) in zip(names, sizes) {
      if !parts.isEmpty, filled + size <= most {
        parts[parts.count - 1].append(name)
        filled += size
      } else {
        parts.append([name])
        filled = size
      }
    }
    return parts
  }
}
