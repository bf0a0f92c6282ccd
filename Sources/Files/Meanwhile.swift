import Dispatch

/// What another thread finds out while this one goes on.
///
/// The other thread does not see this one's task-local values, such as `MemoryLimit`.
package final class Meanwhile<Value: Sendable>: @unchecked Sendable {
  private let group = DispatchGroup()
  private var result: Result<Value, any Error>?

  /// Starts the work.
  ///
  /// - Parameters:
  ///   - isWorthIt: Whether another thread is woken for it; if not, it is done at once.
  ///   - work: The work.
  package init(if isWorthIt: Bool = true, _ work: @escaping @Sendable () throws -> Value) {
    guard isWorthIt else {
      result = Result(catching: work)
      return
    }
    DispatchQueue.global().async(group: group) { self.result = Result(catching: work) }
  }

  /// What the work came to, once it has.
  ///
  /// - Throws: What the work threw.
  package func value() throws -> Value {
    group.wait()
    guard let result else { preconditionFailure("work that ended without a result") }
    return try result.get()
  }
}
