extension Settings {
  /// How a picture is written as parameters.
  public enum ParameterizationName: Setting {
    public static let key = "parameterization"
    public static let kind = SettingKind.name(of: NamedParameterization.all.map { ($0.name, $0.help) })
    public static let usual = FourierImage.named.name
    public static let help = "How a picture is written as parameters."
    public static let valueName = "name"

    public static func apply(_ name: String, to ascent: inout Ascent, of recipe: Recipe) {
      for choice in NamedParameterization.all where choice.name == name {
        ascent.parameterization = choice.make(ascent.shape, recipe)
      }
    }
  }
}

extension Recipe {
  /// How a picture is written as parameters.
  public var parameterization: String {
    get { self[Settings.ParameterizationName.self] }
    set { self[Settings.ParameterizationName.self] = newValue }
  }
}
