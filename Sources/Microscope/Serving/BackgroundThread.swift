import Foundation

/// A thread for work that takes seconds: it, and what it starts, gives way to threads that answer requests.
///
/// Priorities are those of the system's scheduler; what is computed does not depend on them.
public enum BackgroundThread {
  /// Starts one.
  ///
  /// - Parameter work: What it does; the thread ends with it.
  public static func start(_ work: @escaping @Sendable () -> Void) {
    let thread = Thread {
      #if os(Linux)
        // Of this thread alone, and of those that it starts. Where it is not allowed, nothing is worse than before.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
      #endif
      work()
    }
    thread.qualityOfService = .utility
    thread.stackSize = 8 << 20
    thread.start()
  }

  private static let niceness: Int32 = 10
}
