import ArgumentParser
import Portraits
import Visualization

/// A direction among a layer's channels to look along: a probe, a concept, a row of an autoencoder's decoder.
struct DirectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Look along a direction: FILE.npy, FILE.npy:3 for row 3 of it, FILE.safetensors:W_dec:3.",
      valueName: "file"), completion: .file(extensions: ["npy", "safetensors"]))
  var direction: String?

  @Option(
    help: ArgumentHelp(
      "The layer whose channels it has; mixed4a@6,7 for one column and row.", valueName: "layer"))
  var layer: String?

  @Option(
    help: ArgumentHelp(
      "How much to look for this direction and no other: the power of the cosine. (default: 2)",
      valueName: "number"))
  var power: Float?

  func validate() throws {
    guard direction == nil else {
      guard layer != nil else {
        throw ValidationError("--direction needs --layer, the layer whose channels it has.")
      }
      if let power, !(power.isFinite && power >= 0) {
        throw ValidationError("--power must be a number, 0 or more.")
      }
      return
    }
    guard layer == nil, power == nil else {
      throw ValidationError("--layer and --power go with --direction FILE.")
    }
  }

  /// What they ask for.
  ///
  /// - Parameter other: What else is asked for.
  /// - Returns: A direction; nil: nothing is asked for.
  /// - Throws: `ValidationError` for both, and for names that cannot stand in an expression.
  func request(besides other: String?) throws(ValidationError) -> Subject.Request? {
    guard let direction, let layer else { return nil }
    guard other == nil else {
      throw ValidationError(
        "--direction excludes --unit and --objective; write direction(LAYER, FILE) into the objective."
      )
    }
    let function = layer.contains("@") ? "direction-neuron" : "direction"
    let power = (power ?? 2).plain
    do {
      return .objective(
        try ObjectiveExpression("\(function)(\"\(layer)\", \"\(direction)\", \(power))"))
    } catch {
      throw ValidationError("--direction: \(error)")
    }
  }
}
