/// The threads that operations on tensors may share their work out to.
///
/// There are none unless a caller lends some: a plan lends its own while it runs.
package enum Workers {
  /// Threads that somebody lends.
  package struct Sharing: Sendable {
    /// Calls `body` once for each of `0..<count`, in any order, and returns when all are done.
    let forEach: @Sendable (_ count: Int, _ body: (Int) -> Void) -> Void

    /// Lends threads.
    package init(forEach: @escaping @Sendable (_ count: Int, _ body: (Int) -> Void) -> Void) {
      self.forEach = forEach
    }
  }

  /// What the current task may use; `nil`: its own thread alone.
  @TaskLocal package static var sharing: Sharing?

  /// Operations below which a part is not worth another thread.
  private static let least = 20_000

  /// Calls `body` once for each of `0..<count`; the parts must not depend on each other.
  ///
  /// - Parameters:
  ///   - count: The number of parts.
  ///   - worth: The operations of a part, about.
  ///   - body: Does one part.
  package static func forEach(_ count: Int, worth: Int, _ body: (Int) -> Void) {
    if count > 1, worth * count > least, let sharing {
      sharing.forEach(count, body)
    } else {
      for part in 0..<count { body(part) }
    }
  }

  /// Calls `body` once for each of some ranges that together are `0..<count`.
  ///
  /// - Parameters:
  ///   - count: The number of elements.
  ///   - worth: The operations of an element, about.
  ///   - body: Does the elements of one range.
  package static func forEachRange(_ count: Int, worth: Int, _ body: (Range<Int>) -> Void) {
    let size = max(1, least / max(1, worth))
    let parts = (count + size - 1) / size
    forEach(parts, worth: size * worth) { part in
      body(part * size..<min(count, (part + 1) * size))
    }
  }
}
