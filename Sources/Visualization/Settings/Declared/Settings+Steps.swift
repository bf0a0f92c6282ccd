extension Settings {
  /// How many updates.
  public enum Steps: Setting {
    public static let key = "steps"
    public static let kind = SettingKind.integer(1...1_000_000)
    public static let usual = 256
    public static let help = "How many updates."
    public static let isKnownToModels = true

    public static func apply(_ steps: Int, to ascent: inout Ascent, of recipe: Recipe) {
      ascent.steps = steps
    }
  }
}

extension Recipe {
  /// How many updates.
  public var steps: Int {
    get { self[Settings.Steps.self] }
    set { self[Settings.Steps.self] = newValue }
  }
}
