import Foundation

/// How far something has come, on one line of standard error; in a pipe, a line every few seconds.
///
///     [==========>         ]  53 %  step 136/256   value 12.34   3 s left
final class ProgressBar {
  /// What is counted: `step`, `picture`; nothing where the share says enough.
  private let noun: String?
  private let total: Int
  private let start = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?
  private var isDrawn = false
  /// What the time left is judged by: the first steps, which prepare things, do not count.
  private var reference: (done: Int, time: ContinuousClock.Instant)?

  /// How often the line is drawn anew on a terminal.
  private static let interval = Duration.milliseconds(100)
  /// How often a line is written into a pipe or a log.
  private static let intervalInPipe = Duration.seconds(10)

  /// Creates a bar; nothing is drawn yet.
  ///
  /// - Parameters:
  ///   - total: How many there will be.
  ///   - noun: What is counted, in the singular; `nil` to show the share alone.
  init(total: Int, of noun: String? = nil) {
    (self.total, self.noun) = (max(1, total), noun)
  }

  /// Says how far it is; cheap enough to be called at every step.
  ///
  /// - Parameters:
  ///   - done: How many are done.
  ///   - detail: What else there is to say: `value 12.34`.
  func update(_ done: Int, _ detail: @autoclosure () -> String = "") {
    let now = ContinuousClock.now
    if reference == nil { reference = (done, now) }
    let interval = Terminal.isInteractive ? Self.interval : Self.intervalInPipe
    guard now - (lastDrawn ?? (Terminal.isInteractive ? now - interval : start)) >= interval else {
      return
    }
    lastDrawn = now
    let text = line(done, detail(), timeLeft(done, at: now))
    if Terminal.isInteractive {
      Terminal.writeError("\r\(text)\u{1B}[K")
      isDrawn = true
    } else {
      Terminal.writeError("\(text)\n")
    }
  }

  /// Judges the time left anew, by what follows.
  func restart() { reference = nil }

  /// Takes the bar away.
  func finish() {
    if isDrawn { Terminal.clearProgress() }
    isDrawn = false
  }

  deinit { finish() }

  private func timeLeft(_ done: Int, at now: ContinuousClock.Instant) -> Duration? {
    guard let reference, done > reference.done else { return nil }
    return (now - reference.time) / (done - reference.done) * max(0, total - done)
  }

  private func line(_ done: Int, _ detail: String, _ left: Duration?) -> String {
    let share = min(1, Double(done) / Double(total))
    let percent = "\(Int(share * 100))".paddedOnLeft(to: 3) + " %"
    let count = noun.map { "  \($0) \(done)/\(total)" } ?? ""
    let parts = [percent + count, detail, left.map { "\($0.inWords) left" } ?? ""]
    let text = parts.filter { !$0.isEmpty }.joined(separator: "   ")
    guard Terminal.isInteractive else { return text }
    let room = min(32, Terminal.columns - 1 - text.count - 4)
    guard room >= 8 else { return String(text.prefix(Terminal.columns - 1)) }
    let filled = Int(share * Double(room))
    let bar = String(repeating: "=", count: filled) + (filled < room ? ">" : "")
    return "[\(bar.padded(to: room))]  \(text)"
  }
}

extension Duration {
  /// A time a person can use: `3 s`, `2 min 05 s`, `1 h 12 min`.
  var inWords: String {
    let seconds = Int((self / .seconds(1)).rounded())
    let twoDigits = { (n: Int) in (n < 10 ? "0" : "") + String(n) }
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(twoDigits(seconds % 60)) s" }
    return "\(seconds / 3600) h \(twoDigits(seconds / 60 % 60)) min"
  }
}
