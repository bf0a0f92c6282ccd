extension Settings {
  /// What all that is random follows from.
  public enum Seed: Setting {
    public static let key = "seed"
    public static let kind = SettingKind<UInt64>.integer(0...(.max))
    public static let usual: UInt64 = 0
    public static let help = "What all that is random follows from."
    public static let isKnownToModels = true

    public static func apply(_ seed: UInt64, to ascent: inout Ascent, of recipe: Recipe) {
      ascent.seed = seed
    }
  }
}

extension Recipe {
  /// What all that is random follows from.
  public var seed: UInt64 {
    get { self[Settings.Seed.self] }
    set { self[Settings.Seed.self] = newValue }
  }
}
