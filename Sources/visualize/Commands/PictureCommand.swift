import ArgumentParser
import Networks

/// A picture that a unit responds to.
struct PictureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "picture",
    abstract: "Make a picture that a unit responds to; what happens without a command.",
    discussion: """
        visualize --unit cat
        visualize --unit mixed4a:17 --model googlenet.onnx
      """)

  @Option(name: [.short, .long], help: "What to look at: cat, 281, layer3:17, layer3:17@4,5, layer3.")
  var unit: String

  @OptionGroup(title: "Model") var model: ModelOptions

  func run() throws {
    let network = try model.network()
    let size = network.usualSize
    Terminal.note(network.preflight(size: size))
    let unit = try Unit(unit, in: network, inputShape: network.inputShape(size: size))
    Terminal.note("\(unit.description)")
    throw ValidationError("pictures cannot be made yet")
  }
}
