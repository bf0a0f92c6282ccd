import Files
import Foundation

/// Where things are said: results on standard output, everything else on standard error.
enum Terminal {
  /// The columns that text is laid out for: the terminal's, at most 80; 80 without a terminal.
  static var columns: Int {
    var size = winsize()
    for descriptor in [STDERR_FILENO, STDOUT_FILENO]
    where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 {
      return max(20, min(80, Int(size.ws_col)))
    }
    return 80
  }

  /// Whether standard error can be drawn on.
  static let isInteractive: Bool = {
    let type = ProcessInfo.processInfo.environment["TERM"] ?? ""
    return isatty(STDERR_FILENO) != 0 && !type.isEmpty && type != "dumb"
  }()

  /// Says something beside the results, broken into lines between words.
  static func note(_ text: String) {
    writeError(text.withVisibleControlsInLines.wrapped(at: columns - 1) + "\n")
  }

  /// Writes to standard error as it is; nothing happens where nobody listens.
  static func writeError(_ text: String) {
    FileHandle.standardError.writeIfPossible(text)
  }

  /// Removes a progress bar that stands on the current line.
  static func clearProgress() {
    if isInteractive { writeError("\r\u{1B}[K") }
  }

  /// Makes sure that all results have left.
  ///
  /// - Throws: `OutputError` where they could not, for example because a disk is full.
  static func finishOutput() throws {
    guard fflush(nil) == 0 else {
      throw OutputError(reason: String(cString: strerror(errno)))
    }
  }
}

/// Results that could not be printed.
struct OutputError: Error, CustomStringConvertible {
  let reason: String
  var description: String { "cannot write to standard output: \(reason)" }
}

extension FileHandle {
  fileprivate func writeIfPossible(_ text: String) {
    try? write(contentsOf: Data(text.utf8))
  }
}
