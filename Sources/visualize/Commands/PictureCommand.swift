import ArgumentParser
import Networks
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
        visualize --unit mixed4a:0-15 --unit mixed4b:7 --model googlenet.onnx
        visualize --objective 'cat - 0.5 * dog'
        visualize --direction probe.npy:3 --layer mixed4a --model googlenet.onnx

      Writes outputs/cat.png and prints that path. A unit is a label (cat), a logit's \
      number (281, or logit 281 where labels or layers are numbers), a channel of a layer \
      (layer3:17), one neuron of it (layer3:17@4,5 for column 4, row 5; of a volume layer3:17@4,5,2), a channel at a \
      transformer's class token (layer3:17@class) or a whole layer (layer3). An objective \
      adds and subtracts units, with weights and parentheses, labels with spaces or signs in quotes, and functions:

      """
        + ObjectiveFunction.all.map { "  \($0.usage)\n      \($0.help)" }
        .joined(separator: "\n"))

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "What to look at: cat, 281, layer3:17, layer3:17@4,5, layer3; or several: layer3:0-15, layer3:all, "
        + "all logits. May be said several times.", valueName: "unit"))
  var unit: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Look for several things at once: 'layer3:17 + 0.5 * cat'; see above.",
      valueName: "expression"))
  var objective: String?

  @Option(
    help: ArgumentHelp(
      "Look for what a network that embeds pictures takes to be like this one, PNG or JPEG.",
      valueName: "picture"), completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var toward: String?

  @OptionGroup(title: "Directions") var direction: DirectionOptions

  @OptionGroup(title: "Settings") var settings: SettingOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The PNG file to write, or a folder where there are several. (default: outputs/UNIT.png; "
        + "outputs/MODEL/UNIT.png with --model)",
      valueName: "file"),
    completion: .file(extensions: ["png"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Save some 60 pictures of the way there in this folder, new or empty: frame-00000.png, …",
      valueName: "folder"), completion: .directory)
  var frames: String?

  @Option(
    help: ArgumentHelp(
      "Write the way there as an animated PNG, which browsers play.", valueName: "file"),
    completion: .file(extensions: ["png"]))
  var animate: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Ask this network what it sees in the picture; with --tries, keep the one that it names best.",
      valueName: "model"), completion: .file(extensions: ["onnx"]))
  var judge: [String] = []

  @Option(
    help: ArgumentHelp(
      "What classes are called by the networks of --judge; see `visualize judge --help`.",
      valueName: "file"), completion: .file())
  var names: String?

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
    if unit.count < 2 { try PictureOutput.checkName(output) }
    try PictureOutput.checkName(animate, option: "--animate")
    try PictureOutput.checkFolder(frames, option: "--frames")
  }

  /// What is to be looked at; of units the first.
  private func request() throws(ValidationError) -> Subject.Request {
    if let request = try direction.request(besides: unit.first ?? objective ?? toward) {
      return request
    }
    guard let request = try Subject.Request(unit: unit.first, objective: objective, toward: toward)
    else {
      throw ValidationError("Missing expected argument '--unit <unit>'")
    }
    return request
  }

  func run() throws {
    let network = try model.network()
    try network.checkTakesPictures()
    let requests =
      unit.isEmpty ? [try request()] : try network.requests(unit, settings: settings.values)
    guard requests.count > 1 else {
      try make(requests[0], in: network) { output ?? "\(model.outputFolder)/\($0).png" }
      return
    }
    try makeAll(requests, in: network)
  }

  /// Makes one picture.
  private func make(
    _ request: Subject.Request, in network: Network, isFirst: Bool = true,
    at place: (String) -> String
  ) throws {
    var run = try PortraitRun(
      of: request, settings: settings.values, in: network,
      frames: Frames(folder: frames, animation: animate, force: force),
      threads: model.threadCount, announces: isFirst)
    run.trust = trust
    run.jury = try Jury(
      judge, of: run.prepared.subject, names: names, threads: model.threadCount)
    try run.run(to: place(run.prepared.subject.fileName), force: force)
  }

  /// Makes several pictures; one that cannot be made does not keep the others from it.
  private func makeAll(_ requests: [Subject.Request], in network: Network) throws {
    guard frames == nil, animate == nil else {
      throw ValidationError(
        "--frames and --animate are for one unit, and \(requests.count) are asked for.")
    }
    if let output, output.lowercased().hasSuffix(".png") {
      throw ValidationError(
        "--output names one file for \(requests.count) pictures; name a folder.")
    }
    try PictureOutput.checkFolder(output)
    try Several.make(Array(requests.enumerated())) { place, request in
      try make(request, in: network, isFirst: place == 0) {
        "\(output ?? model.outputFolder)/\($0).png"
      }
    }
  }
}
