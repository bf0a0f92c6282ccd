import Foundation
import Synchronization

/// Places to work at, as many as there are cores; whoever finds none waits in line.
final class Workbench: Sendable {
  private struct State {
    var free: Int
    var next = 0
    var serving = 0
  }

  private let state: Mutex<State>
  private let condition = NSCondition()

  init(places: Int) {
    state = Mutex(State(free: max(1, places)))
  }

  /// Works at one place or, where nobody else does, at all of them.
  ///
  /// - Parameters:
  ///   - alone: Whether the work gets faster with more places.
  ///   - check: Called once there is a place; what it throws gives it back.
  ///   - work: Given how many threads it may use.
  /// - Returns: What the work returns.
  /// - Throws: What `check` and the work throw.
  func work<Result>(
    takingAll alone: Bool = false, check: () throws -> Void, _ work: (Int) throws -> Result
  ) throws -> Result {
    condition.lock()
    let number = state.withLock { state in
      defer { state.next += 1 }
      return state.next
    }
    var taken = 0
    while true {
      taken = state.withLock { state in
        guard state.serving == number, state.free > 0 else { return 0 }
        let some = alone ? state.free : 1
        state.free -= some
        state.serving += 1
        return some
      }
      if taken > 0 { break }
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2))
    }
    condition.broadcast()
    condition.unlock()
    defer {
      condition.lock()
      state.withLock { $0.free += taken }
      condition.broadcast()
      condition.unlock()
    }
    try check()
    return try work(taken)
  }
}
