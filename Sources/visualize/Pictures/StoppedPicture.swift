import Imaging

/// What there is of a picture that a signal stopped, as a file.
enum StoppedPicture {
  /// What such a file says so under.
  private static let keyword = "Stopped"

  /// Where it is saved: in the picture's place, or beside it where a finished one is there from before.
  static func place(insteadOf path: String, step: Int) -> String {
    guard case .ours(let texts) = Occupant(at: path), texts[keyword] == nil else { return path }
    return (path.hasSuffix(".png") ? String(path.dropLast(4)) : path) + "-step-\(step).png"
  }

  /// What the file says of it.
  static func text(after step: Int, of steps: Int) -> PNGText {
    PNGText(keyword: keyword, text: "after \(step) of \(steps) steps")
  }

  /// Says where it is, and ends the program as the signal would have.
  static func conclude(_ path: String, after step: Int, of steps: Int) {
    Terminal.note("Stopped after \(step) of \(steps) steps; \(path) is the picture so far.")
    Interruption.conclude()
  }
}
