import Server
import Synchronization

/// The work under way that people listen to: who asks for the same hears the same.
final class Broadcasts: Sendable {
  /// What was asked for.
  struct Topic: Hashable {
    let path: [String]
    let query: [String: String]
  }

  private let underWay = Mutex<[Topic: Broadcast]>([:])

  /// The works under way, and those that nobody listens to any more and that have not ended yet.
  var all: [Broadcast] { underWay.withLock { Array($0.values) } }

  /// Joins work, which begins unless it is under way.
  ///
  /// - Parameters:
  ///   - request: What is asked for.
  ///   - grace: How long it goes on once nobody listens, in seconds.
  ///   - work: Sends events.
  /// - Returns: What is to be played, or left.
  func join(
    _ request: Request, grace: Double = 0, _ work: @escaping @Sendable (Broadcast) -> Void
  ) -> Broadcast {
    let topic = Topic(path: request.path, query: request.query)
    return underWay.withLock { all in
      if let known = all[topic], known.join() { return known }
      let new = Broadcast(grace: grace)
      _ = new.join()
      all[topic] = new
      new.begin { [self] in
        work($0)
        underWay.withLock { all in
          if all[topic] === new { all[topic] = nil }
        }
      }
      return new
    }
  }
}
