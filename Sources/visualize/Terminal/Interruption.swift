import Files
import Foundation
import Imaging
import Synchronization

/// Signals that end the program, and how files stay whole in spite of them.
enum Interruption {
  /// Held while a file is being written, and for good once the program is ending.
  private static let gate = Mutex(())
  /// What to say when the program is interrupted.
  private static let lastWords = Mutex<(@Sendable () -> String?)?>(nil)
  /// The first signal that came while somebody was at work who wants to come to an end by himself.
  private static let postponed = Atomic<Int32>(0)
  private static let isGraceful = Atomic<Bool>(false)
  /// Whether the program ends where nobody reads what it prints: not if its parent turned that off.
  private static let readersCount = Atomic<Bool>(false)
  /// Whether the last words are being said, which may find nobody who listens.
  private static let isEnding = Atomic<Bool>(false)

  /// Lets signals end the program only between files, and without a progress bar left behind.
  static func watch() {
    let received = SignalThread.start(
      [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ, SIGXCPU], receive)
    readersCount.store(received.contains(SIGPIPE), ordering: .releasing)
  }

  private static func receive(_ number: Int32) {
    let first = postponed.compareExchange(
      expected: 0, desired: number, ordering: .acquiringAndReleasing
    ).exchanged
    // Whoever writes without a reader does so again and again.
    if (first || number == SIGPIPE) && isGraceful.load(ordering: .acquiring) {
      if number == SIGINT {
        Terminal.clearProgress()
        Terminal.note("Stopping after this step; Ctrl-C once more stops at once.")
      }
      return
    }
    end(by: number)
  }

  /// Somebody stopped reading what is printed: as if SIGPIPE had come, unless that is turned off.
  static func readerIsGone() {
    let isOver = isEnding.load(ordering: .acquiring)
    if readersCount.load(ordering: .acquiring) && !isOver { receive(SIGPIPE) }
  }

  /// Whether a signal asks work that was begun by `postpone` to come to an end.
  static var isRequested: Bool { postponed.load(ordering: .acquiring) != 0 }

  /// From here on a signal is only asked for by `isRequested`; a second one ends the program at once.
  static func postpone() { isGraceful.store(true, ordering: .releasing) }

  /// The work that looked at `isRequested` has saved what it could: a signal that came ends the program now.
  static func conclude() {
    isGraceful.store(false, ordering: .releasing)
    let number = postponed.load(ordering: .acquiring)
    guard number != 0 else { return }
    fflush(nil)
    end(by: number)
  }

  /// Does long work that looks at `isRequested` and then stops by itself, its state saved.
  static func gracefully(_ work: () throws -> Void) rethrows {
    postpone()
    try work()
    conclude()
  }

  private static func end(by number: Int32) {
    gate.withLock { _ in
      isEnding.store(true, ordering: .releasing)
      FileLock.removeAll()
      if number != SIGPIPE {
        Terminal.clearProgress()
        if let words = lastWords.withLock({ $0?() }) { Terminal.note(words) }
      }
      // No file of the memory: nobody asked for one.
      var limit = rlimit(rlim_cur: 0, rlim_max: 0)
      #if canImport(Glibc)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
      #else
        setrlimit(RLIMIT_CORE, &limit)
      #endif
      // The default action, so that a shell sees what ended the program.
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
