import ArgumentParser
import Files
import Memory

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
      PictureCommand.self, InvertCommand.self, CaricatureCommand.self, AccentuateCommand.self,
      DreamCommand.self, GridCommand.self, JudgeCommand.self, SaliencyCommand.self,
      EvaluateCommand.self, GalleryCommand.self, ServeCommand.self, MicroscopeCommand.self,
      InspectCommand.self, DoctorCommand.self,
      BenchCommand.self, VerifyCommand.self, TrainCommand.self,
      CompletionsCommand.self, ManualCommand.self,
    ],
    defaultSubcommand: PictureCommand.self)

  static func main() async {
    Interruption.watch()
    Allocation.returnLargeBlocks()
    let arguments = Array(CommandLine.arguments.dropFirst())
    var running: (any ParsableCommand.Type)?
    do {
      try checkEnvironment()
      try checkWords(arguments)
      let command = try parseAsRoot(arguments.isEmpty ? ["--help"] : arguments)
      running = type(of: command)
      try await run(command)
      try Terminal.flushOutput()
    } catch {
      // Of a command line that makes no sense.
      if exitCode(for: error) == .validationFailure {
        if let dashed = DashedValue(in: arguments, message: fullMessage(for: error)) {
          end(with: dashed)
        }
        if let unknown = UnknownOption(in: arguments) { end(with: unknown) }
      }
      end(with: Advice.added(to: error), of: running)
    }
  }

  /// Runs a command within the memory that it may take.
  private static func run(_ command: any ParsableCommand) async throws {
    let said = (command as? any MemoryLimited)?.memoryLimit
    try await MemoryLimit.$bytes.withValue(said ?? MemoryLimit.bytes) {
      try await MemoryLimit.$isSaid.withValue(said != nil || MemoryLimit.isSaid) {
        var command = command
        if var command = command as? any AsyncParsableCommand {
          try await command.run()
        } else {
          try command.run()
        }
      }
    }
  }

  /// Says what was wrong, and ends the program; what files and arguments put into the words does nothing to a
  /// terminal.
  ///
  /// - Parameters:
  ///   - error: What was wrong.
  ///   - command: The command that found it, whose usage is shown; nil: it stands in the error, or is none's.
  private static func end(with error: any Error, of command: (any ParsableCommand.Type)? = nil)
    -> Never
  {
    Terminal.clearProgress()
    if error is UnknownOption || error is DashedValue {
      Terminal.writeError("\(error)".withVisibleControlsInLines + "\n")
      exit(withError: ExitCode.validationFailure)
    }
    let status = exitCode(for: error)
    var message = fullMessage(for: error)
    if error is ValidationError, let command {
      // A command by itself does not know what it is a part of.
      let name = command._commandName
      message = command.fullMessage(for: error)
        .replacing("Usage: \(name)", with: "Usage: visualize \(name)")
        .replacing("'\(name) --help'", with: "'visualize \(name) --help'")
    }
    if status == .success {
      print(message)
    } else if !message.isEmpty {
      Terminal.writeError(message.withVisibleControlsInLines + "\n")
    }
    exit(withError: status)
  }
}
