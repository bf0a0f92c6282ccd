import Files
import Foundation
import Imaging
import Synchronization

/// Ctrl-C, and how files stay whole in spite of it.
enum Interruption {
  /// Held while a file is being written, and for good once the program is ending.
  private static let gate = Mutex(())
  /// What to say when the program is interrupted.
  private static let lastWords = Mutex<(@Sendable () -> String?)?>(nil)
  // Written once, before anything else runs, so that the sources live as long as the program.
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// The first signal that came while somebody was at work who wants to come to an end by himself.
  private static let postponed = Atomic<Int32>(0)
  private static let isGraceful = Atomic<Bool>(false)

  /// Lets SIGINT, SIGTERM and SIGHUP end the program only between files, and without a progress bar left
  /// behind.
  static func watch() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // A signal that the parent turned off, as `nohup` does, stays off.
      let before = signal(number, SIG_IGN)
      if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        let first = postponed.compareExchange(
          expected: 0, desired: number, ordering: .acquiringAndReleasing
        ).exchanged
        if first && isGraceful.load(ordering: .acquiring) { return }
        end(by: number)
      }
      source.resume()
      sources.append(source)
    }
  }

  /// Whether a signal asks `gracefully` to come to an end.
  static var isRequested: Bool { postponed.load(ordering: .acquiring) != 0 }

  /// Does long work that looks at `isRequested` and then stops by itself, its state saved.
  ///
  /// The program ends by the signal after it; a second signal ends it at once.
  static func gracefully(_ work: () throws -> Void) rethrows {
    isGraceful.store(true, ordering: .releasing)
    defer { isGraceful.store(false, ordering: .releasing) }
    try work()
    let number = postponed.load(ordering: .acquiring)
    if number != 0 { end(by: number) }
  }

  private static func end(by number: Int32) {
    gate.withLock { _ in
      Terminal.clearProgress()
      if let words = lastWords.withLock({ $0?() }) { Terminal.note(words) }
      // The default action, so that a shell sees what ended the program. Dispatch keeps the signal from
      // every thread, so this one has to let it in.
      signal(number, SIG_DFL)
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, number)
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      raise(number)
      _exit(128 + number)
    }
  }

  /// Says what to tell the user when the program is interrupted: what is there already, how to go on.
  static func onEnd(_ words: @escaping @Sendable () -> String?) {
    lastWords.withLock { $0 = words }
  }

  /// Does something that leaves files behind, without being interrupted.
  static func deferred<Result>(_ work: () throws -> Result) throws -> Result {
    try gate.withLock { _ in try work() }
  }
}

extension Picture {
  /// Writes a PNG file whole or not at all, come what may.
  ///
  /// - Parameters:
  ///   - path: The file; missing folders are made.
  ///   - texts: How it was made.
  /// - Throws: `FileError`, `ImagingError`.
  func save(to path: String, texts: [PNGText]) throws {
    let bytes = try png(texts: texts)
    try Interruption.deferred { try writeAtomically(bytes, to: path) }
  }
}
