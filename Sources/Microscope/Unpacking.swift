import Synchronization

/// Held while a photograph is unpacked: one at a time, however many are sent.
final class Unpacking: Sendable {
  private let lock = Mutex(())

  func alone<Result>(_ work: () throws -> sending Result) rethrows -> sending Result {
    try lock.withLock { _ in try work() }
  }
}
