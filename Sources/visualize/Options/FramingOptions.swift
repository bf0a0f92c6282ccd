import ArgumentParser
import Explanations
import Imaging
import Networks
import Visualization

/// How photographs are brought to the network's size.
struct FramingOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The size that pictures are brought to: 224 or 320x240. (default: the network's)"))
  var size: PictureSize?

  @Option(
    help: ArgumentHelp(
      "How pictures of other proportions are brought to that size: their middle (crop), all with bars "
        + "of grey (pad), all out of proportion (stretch).", valueName: "how"))
  var fit = Framing.Fit.crop

  /// What explains photographs so framed; says what is believed of the network.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - file: The first of what is explained, where that is known and no photograph.
  ///   - threads: How many threads share the work.
  /// - Returns: The explainer.
  /// - Throws: Where the network takes no picture of that size.
  func explainer(
    _ network: Network, for file: ExplainedFile? = nil, threads: Int
  ) throws -> Explainer {
    if let file, case .numbers = file {
      guard fit != .stretch else {
        throw ValidationError("--fit stretch is for photographs; of a signal take crop or pad.")
      }
      return try Explainer(network, for: file, size: size, fit: fit, threads: threads)
    }
    let explainer = try Explainer(network, size: size, fit: fit, threads: threads)
    network.announce(size: explainer.size)
    return explainer
  }
}
