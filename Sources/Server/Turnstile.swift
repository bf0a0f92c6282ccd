import Dispatch
import Synchronization

/// Lets so many pass at a time, the others in the order in which they came.
///
/// A system with many more threads at work than cores may leave one of them out for seconds; those who wait here cost
/// nothing, and each waits no longer than whoever came before it works.
final class Turnstile: Sendable {
  private struct State {
    var free: Int
    var waiting: [DispatchSemaphore] = []
  }

  private let state: Mutex<State>

  /// Creates a turnstile.
  ///
  /// - Parameter places: How many pass at a time; at least 1.
  init(places: Int) { state = Mutex(State(free: max(1, places))) }

  /// How many wait.
  var waiting: Int { state.withLock { $0.waiting.count } }

  /// Does something once it is one's turn.
  func pass<Result>(_ work: () throws -> Result) rethrows -> Result {
    let turn: DispatchSemaphore? = state.withLock { state in
      if state.free > 0 {
        state.free -= 1
        return nil
      }
      let turn = DispatchSemaphore(value: 0)
      state.waiting.append(turn)
      return turn
    }
    turn?.wait()
    defer {
      // Whoever has waited longest takes the place over: nobody who comes now is faster.
      let next: DispatchSemaphore? = state.withLock { state in
        guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
        state.free += 1
        return nil
      }
      next?.signal()
    }
    return try work()
  }
}
