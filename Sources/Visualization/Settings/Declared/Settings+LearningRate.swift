extension Settings {
  /// The length of an update; the optimizer is made with it.
  public static let learningRate = Setting<Float>(
    "learning-rate", .number(above: 0), usual: 0.05, help: "The length of an update.",
    isKnownToModels: true)
}

extension Recipe {
  /// The length of an update.
  public var learningRate: Float {
    get { self[Settings.learningRate] }
    set { self[Settings.learningRate] = newValue }
  }
}
