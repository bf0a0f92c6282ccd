extension Settings {
  /// What a good picture should survive.
  public enum TransformsName: Setting {
    public static let key = "transforms"
    public static let kind = SettingKind.name(of: NamedTransforms.all.map { ($0.name, $0.help) })
    public static let usual = NamedTransforms.robust.name
    public static let help = "What the picture should survive."
    public static let valueName = "name"

    public static func apply(_ name: String, to ascent: inout Ascent, of recipe: Recipe) {
      for choice in NamedTransforms.all where choice.name == name {
        ascent.transforms = choice.make(ascent.shape, recipe)
      }
    }
  }
}

extension Recipe {
  /// What a good picture should survive.
  public var transforms: String {
    get { self[Settings.TransformsName.self] }
    set { self[Settings.TransformsName.self] = newValue }
  }
}
