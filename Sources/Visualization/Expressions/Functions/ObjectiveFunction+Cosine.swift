import Objectives

extension ObjectiveFunction {
  /// `Objective.cosine(_:_:)`.
  static let cosine = ObjectiveFunction(
    "cosine", [Parameter("layer", .layer), Parameter("file", .file)],
    help: "the cosine of the angle with a direction"
  ) { arguments in
    let layer = try arguments.layer(0)
    return .cosine(layer, try arguments.vector(1, of: layer))
  }
}
