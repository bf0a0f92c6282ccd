import Foundation
import Testing

/// The program at work, to be interrupted.
final class RunningProgram {
  private let process = Process()
  private let folder: URL

  /// Starts the program.
  init(_ arguments: [String], in folder: URL) throws {
    self.folder = folder
    process.executableURL = try program()
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    for (name, keyPath) in [("out", \Process.standardOutput), ("err", \Process.standardError)] {
      let file = folder.appending(path: ".\(name)")
      try Data().write(to: file)
      process[keyPath: keyPath] = try FileHandle(forWritingTo: file)
    }
    try process.run()
  }

  /// Waits until something is so; a failure after 30 seconds.
  func wait(until condition: () -> Bool) throws {
    for _ in 0..<3000 {
      if condition() { return }
      try #require(process.isRunning, "it ended by itself: \(said)")
      Thread.sleep(forTimeInterval: 0.01)
    }
    process.terminate()
    throw TimeoutError()
  }

  /// Sends a signal and waits for the end.
  ///
  /// - Returns: By which signal it ended, or its exit status.
  func end(by signal: Int32) -> (signal: Int32?, status: Int32?) {
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
      ? (process.terminationStatus, nil) : (nil, process.terminationStatus)
  }

  /// Everything that it said so far.
  var said: String {
    [".out", ".err"].map {
      (try? String(contentsOf: folder.appending(path: $0), encoding: .utf8)) ?? ""
    }.joined()
  }

  struct TimeoutError: Error {}
}

/// Every file below a folder but what a running program says.
func results(in folder: URL) -> [String] {
  files(in: folder).filter { $0 != ".out" && $0 != ".err" }
}
