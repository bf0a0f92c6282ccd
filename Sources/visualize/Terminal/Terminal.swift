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

  /// Writes to standard error as it is; where a reader has gone away, the program ends as it does by SIGPIPE.
  static func writeError(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = write(STDERR_FILENO, bytes.baseAddress?.advanced(by: done), bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        if count < 0 && errno == EPIPE { Interruption.readerIsGone() }
        // There is nowhere to say that nothing can be said.
        guard count > 0 else { return }
        done += count
      }
    }
  }

  /// Removes a progress bar that stands on the current line.
  static func clearProgress() {
    if isInteractive { writeError("\r\u{1B}[K") }
  }

  /// Makes sure that all results so far have left; where a reader has gone away, the program ends as it does by
  /// SIGPIPE.
  ///
  /// - Throws: `OutputError` where they could not, for example because a disk is full.
  static func flushOutput() throws {
    guard fflush(nil) != 0 else { return }
    let number = errno
    if number == EPIPE { Interruption.readerIsGone() }
    // Work that comes to an end by itself says more then.
    if number == EPIPE && Interruption.isRequested { return }
    throw OutputError(reason: String(cString: strerror(number)))
  }
}

/// Results that could not be printed.
struct OutputError: Error, CustomStringConvertible {
  let reason: String
  var description: String { "cannot write to standard output: \(reason)" }
}
