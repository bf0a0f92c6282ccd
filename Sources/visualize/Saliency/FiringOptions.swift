import ArgumentParser

/// What is asked for in place of a map: which channels a photograph excites.
struct FiringOptions: ParsableArguments {
  @Flag(
    help: """
      Show the channels of each layer that respond most beyond their usual, and where; --layer names \
      layers, --top says how many channels of each.
      """)
  var whatFires = false

  @Option(
    help: ArgumentHelp(
      "Pictures that say what is usual for a channel. (default: its own mean over the photograph)",
      valueName: "folder"), completion: .directory)
  var usual: String?

  @Option(
    help: ArgumentHelp(
      "A gallery of the network's channels, whose pictures are shown beside what fires.",
      valueName: "folder"), completion: .directory)
  var gallery: String?

  func validate() throws {
    guard !whatFires else { return }
    if usual != nil { throw ValidationError("--usual is for --what-fires only.") }
    if gallery != nil { throw ValidationError("--gallery is for --what-fires only.") }
  }
}
