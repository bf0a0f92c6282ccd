import Objectives

extension ObjectiveFunction {
  /// `Objective.direction(_:_:cosinePower:)`.
  static let direction = ObjectiveFunction(
    "direction",
    [
      Parameter("layer", .layer), Parameter("file", .file),
      Parameter("power", .number, isOptional: true),
    ], help: "a direction among a layer's channels, times a power of the cosine"
  ) { arguments in
    let layer = try arguments.layer(0)
    return .direction(
      layer, try arguments.vector(1, of: layer),
      cosinePower: try arguments.number(2, usual: 0))
  }
}
