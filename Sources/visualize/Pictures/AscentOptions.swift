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

  func validate() throws { try PictureOutput.checkFolder(frames, option: "--frames") }

  /// Makes a picture for each of the units that people write; one that cannot be made does not keep the others from it.
  ///
  /// - Parameters:
  ///   - units: Units, ranges and `all logits`, at least one.
  ///   - make: Makes the picture of one unit, as an option has it.
  /// - Throws: `UnitError` or `NetworkError`, with the nearest names or the range; what one alone throws.
  func makeAll(_ units: [String], _ make: (String) throws -> Void) throws {
    guard Network.mayBeSeveral(units) else { return try make(units[0]) }
    let all = try model.network().unitWords(units, settings: settings.values)
    guard all.count > 1 else { return try make(all[0]) }
    guard frames == nil else {
      throw ValidationError("--frames is for one unit, and \(all.count) are asked for.")
    }
    try result.checkSeveral(all.count)
    try Several.make(all, make)
  }

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

  /// Refuses one file for several results.
  ///
  /// - Throws: `ValidationError`.
  func checkSeveral(_ count: Int) throws {
    guard output == nil else {
      throw ValidationError(
        "--output names one file, and \(count) pictures are asked for: leave it out, or name one unit."
      )
    }
  }
}
