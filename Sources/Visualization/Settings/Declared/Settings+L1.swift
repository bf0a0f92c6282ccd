extension Settings {
  /// Weight of the L1 distance from grey.
  public enum L1: Setting {
    public static let key = "l1"
    public static let kind = SettingKind.number(from: 0)
    public static let usual: Float = 0
    public static let help = "Weight of the L1 distance from grey."
    public static let valueName = "weight"
    public static let title = "L1 penalty"
    public static let isKnownToModels = true

    public static func apply(_ weight: Float, to ascent: inout Ascent, of recipe: Recipe) {
      if weight != 0 { ascent.objective = ascent.objective - weight * .l1() }
    }
  }
}

extension Recipe {
  /// Weight of the L1 distance from grey.
  public var l1: Float {
    get { self[Settings.L1.self] }
    set { self[Settings.L1.self] = newValue }
  }
}
