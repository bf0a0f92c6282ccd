extension Settings {
  /// How a picture is written as parameters.
  public static let parameterization = Setting<String>(
    "parameterization", .name(of: NamedParameterization.all.map { ($0.name, $0.help) }),
    usual: FourierImage.named.name, help: "How a picture is written as parameters.",
    valueName: "name"
  ) { ascent, name, recipe in
    for choice in NamedParameterization.all where choice.name == name {
      ascent.parameterization = choice.make(ascent, recipe)
    }
  }
}

extension Recipe {
  /// How a picture is written as parameters.
  public var parameterization: String {
    get { self[Settings.parameterization] }
    set { self[Settings.parameterization] = newValue }
  }
}
