extension Collection {
  /// Something of each element, in order, which says how far it is; all elements count alike.
  ///
  /// - Parameters:
  ///   - progress: Called with the fraction done of all, 0…1.
  ///   - body: From an element, and what to call with the fraction done of it, to a result.
  /// - Returns: The results.
  /// - Throws: What `body` throws, and `CancellationError` when the task is cancelled.
  func map<Result>(
    reporting progress: (Double) -> Void,
    _ body: (Element, (Double) -> Void) throws -> Result
  ) throws -> [Result] {
    try withoutActuallyEscaping(progress) { progress in
      try enumerated().map { index, element in
        try Task.checkCancellation()
        let result = try body(element) { progress((Double(index) + $0) / Double(count)) }
        progress(Double(index + 1) / Double(count))
        return result
      }
    }
  }
}
