import Foundation
import Synchronization

/// Places to work at, as many as there are cores; whoever finds none waits in line.
final class Workbench: Sendable {
  private struct State {
    var free: Int
    var next = 0
    /// Who waits, the first in front.
    var line: [Int] = []
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
  ///   - check: Called while there is no place, and once there is; what it throws gives up the wait or the place.
  ///   - work: Given how many threads it may use.
  /// - Returns: What the work returns.
  /// - Throws: What `check` and the work throw.
  func work<Result>(
    takingAll alone: Bool = false, check: () throws -> Void, _ work: (Int) throws -> Result
  ) throws -> Result {
    let taken = try take(all: alone, check)
    defer {
      condition.lock()
      state.withLock { $0.free += taken }
      condition.broadcast()
      condition.unlock()
    }
    try check()
    return try work(taken)
  }

  /// How many wait in line.
  var waiting: Int { state.withLock { $0.line.count } }

  /// Takes places, once it is one's turn and there are some.
  private func take(all: Bool, _ check: () throws -> Void) throws -> Int {
    condition.lock()
    let number = state.withLock { state in
      state.line.append(state.next)
      state.next += 1
      return state.next - 1
    }
    defer {
      state.withLock { $0.line.removeAll { $0 == number } }
      condition.broadcast()
      condition.unlock()
    }
    while true {
      let taken = state.withLock { state in
        guard state.line.first == number, state.free > 0 else { return 0 }
        let some = all ? state.free : 1
        state.free -= some
        return some
      }
      if taken > 0 { return taken }
      try check()
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2))
    }
  }
}
