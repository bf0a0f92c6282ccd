extension ObjectiveFunction {
  /// `Objective.diversity(_:)`.
  static let diversity = ObjectiveFunction(
    "diversity", [Parameter("layer", .layer)],
    help: "how alike the pictures are to a layer: subtract it, 10 to 100 times",
    comparesPictures: true
  ) { .diversity(try $0.layer(0)) }
}
