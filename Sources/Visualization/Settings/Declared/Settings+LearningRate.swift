extension Settings {
  /// The length of an update; the optimizer is made with it.
  public enum LearningRate: Setting {
    public static let key = "learning-rate"
    public static let kind = SettingKind.number(above: 0)
    public static let usual: Float = 0.05
    public static let help = "The length of an update."
    public static let isKnownToModels = true
  }
}

extension Recipe {
  /// The length of an update.
  public var learningRate: Float {
    get { self[Settings.LearningRate.self] }
    set { self[Settings.LearningRate.self] = newValue }
  }
}
