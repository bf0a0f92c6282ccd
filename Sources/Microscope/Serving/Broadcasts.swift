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

  /// Listens to work, which begins unless it is under way.
  ///
  /// - Parameters:
  ///   - request: What is asked for.
  ///   - stream: Who listens.
  ///   - work: Sends events.
  func play(
    _ request: Request, to stream: EventStream, _ work: @escaping @Sendable (Broadcast) -> Void
  ) {
    let topic = Topic(path: request.path, query: request.query)
    let broadcast = underWay.withLock { all in
      if let known = all[topic], known.join() { return known }
      let new = Broadcast()
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
    broadcast.play(to: stream)
  }
}
