import Objectives

extension Settings {
  /// Weight of the total variation.
  public static let tv = Setting<Float>(
    "tv", .number(from: 0), usual: 0,
    help: "Weight of the total variation, beside the objective's pull: 0.1 to 2.",
    valueName: "weight", title: "Total variation", isKnownToModels: true
  ) { ascent, weight, _ in
    if weight != 0 { ascent.penalties.append(.init(weight, .totalVariation())) }
  }
}

extension Recipe {
  /// Weight of the total variation.
  public var tv: Float {
    get { self[Settings.tv] }
    set { self[Settings.tv] = newValue }
  }
}
