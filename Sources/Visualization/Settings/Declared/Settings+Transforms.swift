extension Settings {
  /// What a good picture should survive.
  public static let transforms = Setting<String>(
    "transforms", .name(of: NamedTransforms.all.map { ($0.name, $0.help) }),
    usual: NamedTransforms.robust.name, help: "What the picture should survive.",
    valueName: "name"
  ) { ascent, name, recipe in
    for choice in NamedTransforms.all where choice.name == name {
      ascent.transforms = choice.make(ascent, recipe)
    }
  }
}

extension Recipe {
  /// What a good picture should survive.
  public var transforms: String {
    get { self[Settings.transforms] }
    set { self[Settings.transforms] = newValue }
  }
}
