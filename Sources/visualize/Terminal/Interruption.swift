import Foundation
import Imaging
import Synchronization

/// Ctrl-C, and how files stay whole in spite of it.
enum Interruption {
  /// Held while a file is being written, and for good once the program is ending.
  private static let gate = Mutex(())
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

  /// Does long work that looks at `isRequested` and then stops by itself, its state saved; the program ends
  /// by the signal after it. A second signal ends it at once.
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
      // The default action, so that a shell sees what ended the program.
      signal(number, SIG_DFL)
      kill(getpid(), number)
      sleep(1)
      _exit(128 + number)
    }
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
  func save(to path: String, texts: [PNGText]) throws {
    let bytes = try png(texts: texts)
    try Interruption.deferred { try writeAtomically(bytes, to: path) }
  }
}
