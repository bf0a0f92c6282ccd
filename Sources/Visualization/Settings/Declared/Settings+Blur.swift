extension Settings {
  /// Weight of the distance from the blurred picture.
  public static let blur = Setting<Float>(
    "blur", .number(from: 0), usual: 0, help: "Weight of the distance from the blurred picture.",
    valueName: "weight", title: "Blur penalty", isKnownToModels: true
  ) { ascent, weight, _ in
    if weight != 0 { ascent.objective = ascent.objective - weight * .blur() }
  }
}

extension Recipe {
  /// Weight of the distance from the blurred picture.
  public var blur: Float {
    get { self[Settings.blur] }
    set { self[Settings.blur] = newValue }
  }
}
