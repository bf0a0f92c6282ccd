extension ObjectiveFunction {
  /// `Objective.layer(_:)`.
  static let mean = ObjectiveFunction(
    "mean", [Parameter("layer", .layer)], help: "the mean of a layer, not of its squares"
  ) { .layer(try $0.layer(0)) }
}
