extension Settings {
  /// Weight of the total variation.
  public enum TotalVariation: Setting {
    public static let key = "tv"
    public static let kind = SettingKind.number(from: 0)
    public static let usual: Float = 0
    public static let help = "Weight of the total variation."
    public static let valueName = "weight"
    public static let title = "Total variation"
    public static let isKnownToModels = true

    public static func apply(_ weight: Float, to ascent: inout Ascent, of recipe: Recipe) {
      if weight != 0 { ascent.objective = ascent.objective - weight * .totalVariation() }
    }
  }
}

extension Recipe {
  /// Weight of the total variation.
  public var tv: Float {
    get { self[Settings.TotalVariation.self] }
    set { self[Settings.TotalVariation.self] = newValue }
  }
}
