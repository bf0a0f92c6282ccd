import ArgumentParser

/// The command line.
///
/// It parses, calls and prints; every command has a file of its own.
@main
struct Visualize: AsyncParsableCommand {
  /// The version of the program; it stands in every picture that it makes.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "visualize",
    abstract: "See what the neurons of a network look for.",
    usage: """
      visualize --unit <unit> [<options>]
      visualize <command> [<options>]
      """,
    discussion: """
      A picture that a unit of the network responds to, as outputs/cat.png:

        visualize --unit cat

      The network that ships knows 71 everyday classes; --model takes any ONNX file. A \
      unit is a label (cat), a logit's number (281), a channel of a layer (layer3:17), \
      one neuron of it (layer3:17@4,5 for column 4, row 5) or a whole layer (layer3).

      All options for that: visualize picture --help
      """,
    version: version,
    subcommands: [
      PictureCommand.self, SaliencyCommand.self, GalleryCommand.self, InspectCommand.self,
      BenchCommand.self, VerifyCommand.self, TrainCommand.self,
    ],
    defaultSubcommand: PictureCommand.self)

  static func main() async {
    Interruption.watch()
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      try checkFirstWord(of: arguments)
      var command = try parseAsRoot(arguments.isEmpty ? ["--help"] : arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      try Terminal.flushOutput()
    } catch {
      Terminal.clearProgress()
      exit(withError: Advice.added(to: error))
    }
  }
}
