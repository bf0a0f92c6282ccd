import ArgumentParser
import Explanations
import Imaging
import Networks
import Portraits
import Visualization

/// A picture with what a unit sees in it brought out.
struct AccentuateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accentuate",
    abstract: "Bring out in a picture what a unit sees in it.",
    usage: "visualize accentuate <picture> [--unit <unit>] [<options>]",
    discussion: """
        visualize accentuate cat.jpg --model googlenet.onnx
        visualize accentuate cat.jpg --unit mixed4d:42 --model googlenet.onnx
        visualize accentuate cat.jpg --unit mixed4d:0-7 --unit cat --model googlenet.onnx

      The ascent begins at the picture's own spectrum and is held near the picture by a penalty on the mean \
      square of the pixels' differences (feature accentuation). Writes outputs/cat-accentuation-UNIT.png, a \
      picture a unit, and prints each path.
      """)

  @Argument(
    help: "A PNG or JPEG file.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var picture: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "What to bring out: cat, 281, layer3:17, layer3; or several: layer3:0-3, layer3:all, all logits. May be said "
        + "several times. (default: the class that is seen)", valueName: "unit"))
  var unit: [String] = []

  @Option(
    help: ArgumentHelp(
      "How much the picture is to stay what it is, in values of the unit for a mean square of 1.",
      valueName: "number"))
  var penalty: Float = 1000

  @OptionGroup var ascent: AscentOptions

  func validate() throws {
    guard penalty.isFinite, penalty >= 0 else {
      throw ValidationError("--penalty must be a number, 0 or more.")
    }
    guard ascent.settings.values[Settings.fit.key] == nil else {
      throw ValidationError(
        "--fit goes without accentuate: the picture is held near its own middle, as that is cropped."
      )
    }
  }

  func run() throws {
    guard !unit.isEmpty else { return try make(topClass(ascent.model.network())) }
    try ascent.makeAll(unit, make)
  }

  private func make(_ unit: String) throws {
    try ascent.make(
      "\(unit.quotedForExpression) - \(penalty.plain) * distance(\(picture.quotedForExpression))",
      defaults: ["init": picture, "steps": "128", "learning-rate": "0.02"],
      named: "\(Photograph.stem(of: picture))-accentuation-\(NetworkUnit.slug(unit))")
  }

  /// The class that the network sees: its label, or its number where others have that too.
  private func topClass(_ network: Network) throws -> String {
    let explainer = try Explainer(network, threads: ascent.model.threadCount)
    let photograph = try explainer.photograph(Picture(contentsOf: picture), named: picture)
    let top = try explainer.top(1, of: photograph)[0]
    Terminal.note("\(photograph.fileName): bringing out \(top.title).")
    return network.classUnit(photograph.classes[0].index, in: explainer.shapes)
      .argument(in: network)
  }
}
