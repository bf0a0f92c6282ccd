import ArgumentParser
import Explanations
import Networks
import Visualization

/// What a layer makes of a picture, exaggerated.
struct CaricatureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "caricature",
    abstract: "Exaggerate what a layer sees in a picture.",
    usage: "visualize caricature <picture> --layer <layer> [<options>]",
    discussion: """
        visualize caricature cat.jpg --layer mixed4d --model googlenet.onnx

      From noise, a picture is looked for whose activations in that layer are as large as can be in the \
      direction of yours (dot product times a power of the cosine). Writes \
      outputs/cat-caricature-mixed4d.png and prints that path.
      """)

  @Argument(
    help: "A PNG or JPEG file.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var picture: String

  @Option(help: "The layer.")
  var layer: String

  @Option(
    help: ArgumentHelp(
      "How much the proportions of the activations count beside their size: the power of the cosine.",
      valueName: "number"))
  var power: Float = 1

  @OptionGroup var ascent: AscentOptions

  func validate() throws {
    guard power.isFinite, power >= 0 else {
      throw ValidationError("--power must be a number, 0 or more.")
    }
  }

  func run() throws {
    try ascent.make(
      "caricature(\(layer.quotedForExpression), \(picture.quotedForExpression), \(power.plain))",
      named: "\(Photograph.stem(of: picture))-caricature-\(NetworkUnit.slug(layer))")
  }
}
