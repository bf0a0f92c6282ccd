import Objectives

extension ObjectiveFunction {
  /// `Objective.caricature(_:of:cosinePower:)`.
  static let caricature = ObjectiveFunction(
    "caricature",
    [
      Parameter("layer", .layer), Parameter("picture", .picture),
      Parameter("power", .number, isOptional: true),
    ], help: "what a layer makes of a picture, exaggerated, times a power of the cosine"
  ) { arguments in
    .caricature(
      try arguments.layer(0), of: try arguments.picture(1),
      cosinePower: try arguments.number(2, usual: 1))
  }
}
