extension ObjectiveFunction {
  /// `Objective.interpolation(from:to:)`.
  static let interpolation = ObjectiveFunction(
    "interpolation", [Parameter("unit", .channel), Parameter("unit", .channel)],
    help: "from one channel or logit to another, picture by picture", comparesPictures: true
  ) { .interpolation(from: try $0.channel(0), to: try $0.channel(1)) }
}
