import ArgumentParser
import Explanations
import Networks
import Visualization

/// What a layer kept of a picture.
struct InvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invert",
    abstract: "Make the picture that a layer takes for yours: what it kept of it.",
    usage: "visualize invert <picture> --layer <layer> [<options>]",
    discussion: """
        visualize invert cat.jpg --layer mixed4a --model googlenet.onnx

      From noise, a picture is looked for whose activations in that layer are those of yours \
      (feature inversion). What it lacks, the layer lost. Writes \
      outputs/cat-inversion-mixed4a.png and prints that path.
      """)

  @Argument(
    help: "A PNG or JPEG file.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var picture: String

  @Option(help: "The layer.")
  var layer: String

  @OptionGroup var ascent: AscentOptions

  func run() throws {
    try ascent.make(
      "inversion(\(layer.quotedForExpression), \(picture.quotedForExpression))",
      named: "\(Photograph.stem(of: picture))-inversion-\(NetworkUnit.slug(layer))")
  }
}
