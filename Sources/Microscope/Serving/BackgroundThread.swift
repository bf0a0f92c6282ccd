import Foundation

/// A thread for work that takes seconds: it, and what it starts, may give way to threads that answer requests.
///
/// Priorities are those of the system's scheduler; what is computed does not depend on them.
public enum BackgroundThread {
  /// Starts one.
  ///
  /// - Parameters:
  ///   - givesWay: Whether others go first.
  ///   - work: What it does; the thread ends with it.
  public static func start(
    givingWay givesWay: Bool = true, _ work: @escaping @Sendable () -> Void
  ) {
    let thread = Thread {
      #if os(Linux)
        if givesWay {
          // Of this thread alone, and of those that it starts. Where it is not allowed, nothing is worse than before.
          let thread = __priority_which_t(PRIO_PROCESS.rawValue)
          _ = setpriority(thread, 0, max(niceness, getpriority(thread, 0)))
        }
      #endif
      work()
    }
    if givesWay { thread.qualityOfService = .utility }
    thread.stackSize = 8 << 20
    thread.start()
  }

  private static let niceness: Int32 = 10
}
