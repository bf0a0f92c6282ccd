import ArgumentParser
import Imaging
import Networks
import Portraits
import Visualization

/// What is in a model.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract:
      "List a model's layers, shapes, units and cost, and how pictures are prepared for it.",
    usage:
      "visualize inspect [<model>] [--all | --units | --picture <file>] [--json]",
    discussion: """
        visualize inspect resnet50.onnx
        visualize inspect resnet50.onnx --units | grep -i cat
        visualize inspect resnet50.onnx --picture cat.jpg
      """)

  @Argument(
    help: "An ONNX file. (default: the model that ships)",
    completion: .file(extensions: ["onnx"]))
  var file: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The size of the picture that shapes and cost are for: 224 or 320x240."))
  var size: PictureSize?

  @Flag(help: "List every layer, however many there are.")
  var all = false

  @Flag(help: "List every class's number and label instead.")
  var units = false

  @Option(
    name: [.short, .long],
    help: "Show instead what the network sees in this picture, PNG or JPEG, under each preset.",
    completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var picture: String?

  @Flag(help: "Print everything as JSON instead.")
  var json = false

  @OptionGroup var model: ModelOptions

  func validate() throws {
    guard file == nil || model.model == nil else {
      throw ValidationError("The model is given twice: as \(file ?? "") and by --model.")
    }
    guard [all, units, json].filter({ $0 }).count < 2 else {
      throw ValidationError("--all, --units and --json exclude each other.")
    }
    guard size == nil || !units else {
      throw ValidationError("--size is for layers and pictures, and --units lists labels.")
    }
    guard picture == nil || !(all || units) else {
      throw ValidationError("--picture goes with neither --all nor --units.")
    }
  }

  func run() throws {
    let original = try picture.map { try Picture(contentsOf: $0) }
    let network = try model.network(at: file)
    let size = network.pictureSize(size)
    let summary = try network.summary(inputShape: network.inputShape(size: size))
    let trials = try original.map {
      try PresetTrial.all(
        of: network, at: try network.input($0, size: size), threads: model.threadCount)
    }
    let inspection = Inspection(network: network, summary: summary)
    if json {
      print(try inspection.json(trials: trials))
    } else if let trials {
      PresetTrial.lines(trials, labels: network.labels).forEach { print($0) }
    } else if units {
      try inspection.units().forEach { print($0) }
    } else {
      inspection.facts().forEach { print($0) }
      print("")
      inspection.layers(all: all).forEach { print($0) }
    }
  }
}
