import Foundation
import Server
import Synchronization

/// Work that any number of people listen to, each from its beginning; once nobody is left it is to end.
///
/// Attribution methods and ascents end since their task is cancelled, what runs in other threads by `check()`.
final class Broadcast: Sendable {
  private struct Event {
    let number: Int
    let name: String
    let data: String
    /// Whether the next of its name takes its place: whoever comes later, or is slow, does without.
    let isPassing: Bool
  }

  private struct State {
    var events: [Event] = []
    /// How many were sent.
    var count = 0
    var listeners = 0
    /// How many ever listened.
    var joined = 0
    var isAbandoned = false
    var isOver = false
    var task: Task<Void, Never>?
  }

  private let state = Mutex(State())
  private let news = NSCondition()
  /// How long work goes on that nobody listens to, in seconds.
  private let grace: Double

  /// How often it is looked whether somebody still listens, in seconds.
  private static let interval = 0.1

  /// Creates one that nobody works at yet.
  ///
  /// - Parameter grace: How long work goes on that nobody listens to, in seconds: whoever comes meanwhile joins it.
  init(grace: Double = 0) { self.grace = grace }

  // MARK: Who works

  /// Begins.
  ///
  /// - Parameter work: Sends events; it runs in a task on a thread of its own.
  func begin(_ work: @escaping @Sendable (Broadcast) -> Void) {
    let task = Task(executorPreference: OwnThread.each) {
      work(self)
      self.change { $0.isOver = true }
    }
    state.withLock { $0.task = task }
  }

  /// Whether nobody listens any more.
  var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

  /// How many listen.
  var listenerCount: Int { state.withLock { $0.listeners } }

  /// The names of the events that can be heard by whoever comes now.
  var eventNames: [String] { state.withLock { $0.events.map(\.name) } }

  /// Throws once nobody listens.
  func check() throws {
    if isAbandoned { throw ListenerIsGone() }
  }

  /// Sends an event to all who listen.
  ///
  /// - Parameters:
  ///   - name: What it is.
  ///   - event: What it says.
  ///   - isPassing: Whether the next of its name takes its place.
  func send(_ name: String, _ event: some Encodable, isPassing: Bool = false) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // JSON has no word for these.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "∞", negativeInfinity: "-∞", nan: "NaN")
    let data: Data
    do {
      data = try encoder.encode(event)
    } catch {
      preconditionFailure("Broadcast: an event that is no JSON: \(error)")
    }
    change { state in
      if isPassing { state.events.removeAll { $0.isPassing && $0.name == name } }
      state.events.append(
        Event(
          number: state.count, name: name, data: String(decoding: data, as: UTF8.self),
          isPassing: isPassing))
      state.count += 1
    }
  }

  // MARK: Who listens

  /// Takes one more listener, who is to be played to.
  ///
  /// - Returns: Whether it is not too late.
  func join() -> Bool {
    state.withLock { state in
      guard !state.isOver, !state.isAbandoned else { return false }
      state.listeners += 1
      state.joined += 1
      return true
    }
  }

  /// Passes on what happens, until the end or until who listens has gone.
  func play(to stream: EventStream) {
    var next = 0
    do {
      while true {
        let (events, isOver) = events(from: next)
        for event in events {
          try stream.send(event.name, event.data)
          next = event.number + 1
        }
        if isOver { break }
        try stream.check()
      }
    } catch {
      // Gone.
    }
    leave()
  }

  /// What happened since, waited for some time.
  private func events(from number: Int) -> (events: [Event], isOver: Bool) {
    news.lock()
    defer { news.unlock() }
    let end = Date(timeIntervalSinceNow: Self.interval)
    while true {
      let (events, isOver) = state.withLock { state in
        (state.events.filter { $0.number >= number }, state.isOver)
      }
      if !events.isEmpty || isOver || !news.wait(until: end) { return (events, isOver) }
    }
  }

  /// Lets one listener go: with the last of them the work ends, at once or after some time.
  func leave() {
    let joined = state.withLock { state in
      state.listeners -= 1
      return state.joined
    }
    guard grace > 0 else { return abandon(since: joined) }
    DispatchQueue.global().asyncAfter(deadline: .now() + grace) { self.abandon(since: joined) }
  }

  /// Ends the work, unless somebody listens or has come since.
  private func abandon(since joined: Int) {
    let task = state.withLock { state in
      guard state.listeners == 0, state.joined == joined, !state.isOver else {
        return nil as Task<Void, Never>?
      }
      state.isAbandoned = true
      return state.task
    }
    task?.cancel()
  }

  private func change(_ change: (inout State) -> Void) {
    state.withLock { change(&$0) }
    news.lock()
    news.broadcast()
    news.unlock()
  }
}

/// Runs each task on a thread of its own: work that takes seconds would keep the system's few from others.
private final class OwnThread: TaskExecutor {
  static let each = OwnThread()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    BackgroundThread.start { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
