extension Settings {
  /// Weight of the distance from the blurred picture.
  public enum Blur: Setting {
    public static let key = "blur"
    public static let kind = SettingKind.number(from: 0)
    public static let usual: Float = 0
    public static let help = "Weight of the distance from the blurred picture."
    public static let valueName = "weight"
    public static let title = "Blur penalty"
    public static let isKnownToModels = true

    public static func apply(_ weight: Float, to ascent: inout Ascent, of recipe: Recipe) {
      if weight != 0 { ascent.objective = ascent.objective - weight * .blur() }
    }
  }
}

extension Recipe {
  /// Weight of the distance from the blurred picture.
  public var blur: Float {
    get { self[Settings.Blur.self] }
    set { self[Settings.Blur.self] = newValue }
  }
}
