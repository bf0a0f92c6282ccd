import ArgumentParser
import Networks
import Portraits
import Visualization

/// What every command has whose picture is an ascent's from another picture.
struct AscentOptions: ParsableArguments {
  @OptionGroup(title: "Settings") var settings: SettingOptions

  @OptionGroup var result: ResultOptions

  @Option(
    help: ArgumentHelp(
      "Save some 60 pictures of the way there in this folder, new or empty.", valueName: "folder"),
    completion: .directory)
  var frames: String?

  @OptionGroup(title: "Model") var model: ModelOptions

  /// Makes the picture of an objective.
  ///
  /// - Parameters:
  ///   - objective: The expression.
  ///   - defaults: Values of settings where none are said.
  ///   - name: The name of the file where none is said, without extension.
  /// - Throws: What is wrong with any of it.
  func make(
    _ objective: String, defaults: [String: String] = [:], named name: String
  ) throws {
    // A command with everything as usual, and then what is said here.
    var command = try PictureCommand.parse(["--objective", objective])
    command.settings = settings.filled(with: defaults)
    command.output = result.path(named: name)
    command.force = result.force
    command.frames = frames
    command.model = model
    try command.run()
  }
}

/// Where a picture goes.
struct ResultOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The PNG file to write. (default: in outputs)", valueName: "file"),
    completion: .file(extensions: ["png"]))
  var output: String?

  @Flag(help: "Replace whatever is there under the name of the result.")
  var force = false

  func validate() throws { try PictureOutput.checkName(output) }

  /// The file.
  ///
  /// - Parameter name: Its name where none is said, without extension.
  /// - Returns: Its path.
  func path(named name: String) -> String { output ?? "outputs/\(name).png" }
}

extension String {
  /// The text in the quotes of an expression.
  var quotedForExpression: String { "\"\(self)\"" }
}
