import Portraits

extension Provenance {
  /// Options that change nothing about a picture but where it goes and how long it takes.
  private static let irrelevant = [
    "--threads", "--output", "-o", "--frames", "--part", "--cache", "--cache-limit",
  ]
  /// The same, of those that are said without a value.
  private static let irrelevantFlags = ["--force", "--merge"]

  /// This program and the command that it was called by.
  static var current: Provenance {
    Provenance(software: "visualize \(Visualize.version)", command: command())
  }

  /// The command that makes the same picture again, as a shell takes it.
  ///
  /// - Parameter arguments: What follows the program's name.
  /// - Returns: One line.
  private static func command(
    _ arguments: some Sequence<String> = CommandLine.arguments.dropFirst()
  ) -> String {
    var kept: [String] = []
    var skipsNext = false
    for argument in arguments {
      if skipsNext {
        skipsNext = false
      } else if irrelevant.contains(argument) {
        skipsNext = true
      } else if irrelevantFlags.contains(argument) {
        continue
      } else if !irrelevant.contains(where: { argument.hasPrefix($0 + "=") }) {
        kept.append(argument.fileName.withoutFolders.quotedForShell)
      }
    }
    return (["visualize"] + kept).joined(separator: " ")
  }
}
