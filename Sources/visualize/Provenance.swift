import Imaging
import Networks

/// How a picture was made, to stand in its file.
enum Provenance {
  /// Options that change nothing about a picture but where it goes and how long it takes.
  private static let irrelevant = ["--threads", "--output", "-o", "--frames"]

  /// The command that makes the same picture again, as a shell takes it.
  ///
  /// - Parameter arguments: What follows the program's name.
  /// - Returns: One line.
  static func command(_ arguments: some Sequence<String> = CommandLine.arguments.dropFirst())
    -> String
  {
    var kept: [String] = []
    var skipsNext = false
    for argument in arguments {
      if skipsNext {
        skipsNext = false
      } else if irrelevant.contains(argument) {
        skipsNext = true
      } else if !irrelevant.contains(where: { argument.hasPrefix($0 + "=") }) {
        kept.append(argument.quotedForShell)
      }
    }
    return (["visualize"] + kept).joined(separator: " ")
  }

  /// The texts of a picture's file.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - title: What is to be seen.
  ///   - seed: What chance was seeded with, where there was any.
  ///   - more: What else to say, by keyword.
  /// - Returns: The texts in the order in which they stand in the file.
  static func texts(
    network: Network, title: String, seed: UInt64? = nil, more: [(String, String)] = []
  ) -> [PNGText] {
    var texts = [
      PNGText(keyword: "Title", text: title),
      PNGText(keyword: "Software", text: "visualize \(Visualize.version)"),
      PNGText(keyword: "Command", text: command()),
      PNGText(keyword: "Model", text: network.name),
      PNGText(keyword: "Model SHA-256", text: network.sha256),
    ]
    if let seed { texts.append(PNGText(keyword: "Seed", text: String(seed))) }
    return texts + more.map { PNGText(keyword: $0.0, text: $0.1) }
  }
}
