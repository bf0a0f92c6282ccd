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
      "Save some 60 pictures of the way there in this folder.", valueName: "folder"),
    completion: .directory)
  var frames: String?

  @OptionGroup(title: "Model") var model: ModelOptions

  /// Makes the picture of an objective.
  ///
  /// - Parameters:
  ///   - objective: The expression.
  ///   - network: The network.
  ///   - defaults: Values of settings where none are said.
  ///   - name: The name of the file where none is said, without extension.
  /// - Throws: What is wrong with any of it.
  func make(
    _ objective: String, in network: Network, defaults: [String: String], named name: String
  ) throws {
    let expression: ObjectiveExpression
    do {
      expression = try ObjectiveExpression(objective)
    } catch {
      throw ValidationError("\(error)")
    }
    let run = try PortraitRun(
      of: .objective(expression), settings: defaults.merging(settings.values) { $1 },
      in: network, frames: frames, threads: model.threadCount)
    try run.run(to: result.path(named: name), force: result.force)
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
