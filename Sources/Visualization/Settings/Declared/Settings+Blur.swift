import Objectives

extension Settings {
  /// Weight of the distance from the blurred picture.
  public static let blur = Setting<Float>(
    "blur", .number(from: 0), usual: 0,
    help:
      "Weight of the distance from the blurred picture, beside the objective's pull: 0.1 to 2.",
    valueName: "weight", title: "Blur penalty", isKnownToModels: true
  ) { ascent, weight, _ in
    if weight != 0 { ascent.penalties.append(.init(weight, .blur())) }
  }
}

extension Recipe {
  /// Weight of the distance from the blurred picture.
  public var blur: Float {
    get { self[Settings.blur] }
    set { self[Settings.blur] = newValue }
  }
}
