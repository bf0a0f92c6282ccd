import ArgumentParser
import Portraits
import Visualization

/// A picture that a unit responds to.
struct PictureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "picture",
    abstract: "Make a picture that a unit responds to; what happens without a command.",
    usage: """
      visualize --unit <unit> [<options>]
      visualize --objective <expression> [<options>]
      visualize --direction <file> --layer <layer> [<options>]
      """,
    discussion: """
        visualize --unit cat
        visualize --unit mixed4a:17 --model googlenet.onnx --steps 512
        visualize --objective 'cat - 0.5 * dog'
        visualize --direction probe.npy:3 --layer mixed4a --model googlenet.onnx

      Writes outputs/cat.png and prints that path. A unit is a label (cat), a logit's \
      number (281), a channel of a layer (layer3:17), one neuron of it (layer3:17@4,5 for \
      column 4, row 5), a channel at a transformer's class token (layer3:17@class) or a whole \
      layer (layer3). An objective adds and subtracts units, with weights and parentheses, \
      labels with spaces or signs in quotes, and functions:

      """
        + ObjectiveFunction.all.map { "  \($0.usage)\n      \($0.help)" }
        .joined(separator: "\n"))

  @Option(
    name: [.short, .long], help: "What to look at: cat, 281, layer3:17, layer3:17@4,5, layer3.")
  var unit: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Look for several things at once: 'layer3:17 + 0.5 * cat'; see above.",
      valueName: "expression"))
  var objective: String?

  @OptionGroup(title: "Directions") var direction: DirectionOptions

  @OptionGroup(title: "Settings") var settings: SettingOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The PNG file to write. (default: outputs/UNIT.png)", valueName: "file"),
    completion: .file(extensions: ["png"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Save some 60 pictures of the way there in this folder.", valueName: "folder"),
    completion: .directory)
  var frames: String?

  @Option(
    help: ArgumentHelp(
      "Compare with the natural pictures of this folder: whether the unit responds to them as it does to the "
        + "picture, and through the same channels.", valueName: "folder"), completion: .directory)
  var trust: String?

  @Flag(help: "Replace whatever is there under the names of the results.")
  var force = false

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    _ = try request()
    try PictureOutput.checkName(output)
  }

  /// What is to be looked at.
  private func request() throws(ValidationError) -> Subject.Request {
    if let request = try direction.request(besides: unit ?? objective) { return request }
    guard let request = try Subject.Request(unit: unit, objective: objective) else {
      throw ValidationError("Missing expected argument '--unit <unit>'")
    }
    return request
  }

  func run() throws {
    let network = try model.network()
    try network.checkTakesPictures()
    var run = try PortraitRun(
      of: request(), settings: settings.values, in: network, frames: frames,
      threads: model.threadCount)
    run.trust = trust
    try run.run(to: output ?? "outputs/\(run.prepared.subject.fileName).png", force: force)
  }
}
