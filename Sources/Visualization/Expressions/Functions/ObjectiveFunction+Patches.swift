import Objectives

extension ObjectiveFunction {
  /// `Objective.patches(_:_:)`.
  static let patches = ObjectiveFunction(
    "patches", [Parameter("unit", .channel)],
    help: "a channel of a transformer's layer over all tokens of patches, without the class token"
  ) { arguments in
    let (layer, channel) = try arguments.channel(0)
    return .patches(layer, channel)
  }
}
