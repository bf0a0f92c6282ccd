import Files

/// What is wrong with a plan: everything at once, with the lines.
public struct GalleryPlanError: Error, Hashable, CustomStringConvertible {
  /// One mistake.
  public struct Problem: Hashable, Sendable {
    /// The line, from 1; nil: the file as a whole.
    public let line: Int?
    /// What is wrong and what to write instead.
    public let message: String

    /// Whether another machine might do without it: a file that is not here or not whole, memory that is not free.
    let isOfThisMachine: Bool

    /// Creates a problem.
    public init(line: Int?, message: String) {
      (self.line, self.message) = (line, message.withVisibleControlsInLines)
      isOfThisMachine = false
    }

    /// Creates the problem that an error is; one of reading files is always this machine's.
    init(line: Int?, error: any Error, isOfThisMachine: Bool = false) {
      (self.line, message) = (line, "\(error)".withVisibleControlsInLines)
      self.isOfThisMachine = isOfThisMachine || !FailureNotes.isLasting(error)
    }
  }

  /// The plan's file, as it was asked for.
  public let file: String
  /// The mistakes, from the top of the file.
  public let problems: [Problem]

  /// Creates an error.
  public init(file: String, problems: [Problem]) {
    self.file = file
    self.problems = problems.enumerated()
      .sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }
      .map(\.element)
  }

  /// One line a mistake, each as compilers write it: `plan.yaml:12: …`.
  public var description: String {
    problems.map { problem in
      file + (problem.line.map { ":\($0)" } ?? "") + ": " + problem.message
    }.joined(separator: "\n")
  }
}
