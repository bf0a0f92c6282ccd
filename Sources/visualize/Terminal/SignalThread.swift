import Foundation

/// A thread that receives the signals of the whole process, so that what they do may take time and locks.
enum SignalThread {
  // Written once, before the first signal is handled.
  nonisolated(unsafe) private static var thread: pthread_t?

  /// Starts the thread.
  ///
  /// A write that nobody reads or that is too large for the limits of the shell fails with an error, and its
  /// signal is dropped; one of the same kind that somebody sends is received.
  ///
  /// - Parameters:
  ///   - numbers: The signals.
  ///   - receive: Called by the thread with each that comes.
  /// - Returns: Those that are received: all but what the parent turned off, as `nohup` does.
  static func start(_ numbers: [Int32], _ receive: @escaping @Sendable (Int32) -> Void) -> [Int32] {
    let kept = numbers.filter { number in
      var action = sigaction()
      sigaction(number, nil, &action)
      return !action.isIgnoring
    }
    let isReady = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      var signals = sigset_t()
      sigemptyset(&signals)
      for number in kept { sigaddset(&signals, number) }
      pthread_sigmask(SIG_BLOCK, &signals, nil)
      thread = pthread_self()
      isReady.signal()
      while true {
        var number: Int32 = 0
        if sigwait(&signals, &number) == 0 { receive(number) }
      }
    }
    isReady.wait()
    for number in kept {
      var action = sigaction()
      action.handle { number, info, _ in
        let isOwn = info.map { $0.pointee.sender == getpid() } ?? false
        if isOwn && (number == SIGPIPE || number == SIGXFSZ) { return }
        if let thread = SignalThread.thread { pthread_kill(thread, number) }
      }
      sigaction(number, &action, nil)
    }
    return kept
  }
}

extension sigaction {
  fileprivate var isIgnoring: Bool {
    #if canImport(Darwin)
      let handler = __sigaction_u.__sa_handler
    #else
      let handler = __sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  fileprivate mutating func handle(
    _ handler:
      @escaping @convention(c) (
        Int32, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?
      ) -> Void
  ) {
    #if canImport(Darwin)
      __sigaction_u.__sa_sigaction = handler
    #else
      __sigaction_handler.sa_sigaction = handler
    #endif
    sa_flags = SA_SIGINFO | Int32(SA_RESTART)
  }
}

extension siginfo_t {
  /// The process that sent it; the kernel sends in the name of the process at fault.
  fileprivate var sender: pid_t {
    #if canImport(Darwin)
      si_pid
    #else
      _sifields._kill.si_pid
    #endif
  }
}
