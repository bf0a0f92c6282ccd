extension Settings {
  /// Which levels a pyramid has; the parameterization is made with it.
  public static let levels = Setting<String?>(
    "levels",
    .optional(
      .name(of: [
        ("octaves", "1, 2, 4, … pixels, and the picture's size"),
        ("all", "every size: the original, much slower"),
      ])), usual: nil, usualInWords: "octaves", help: "The levels of `pyramid`.",
    valueName: "which", for: .one(of: "pyramid", in: "parameterization"))
}

extension Recipe {
  /// Which levels a pyramid has; nil: octaves.
  public var levels: String? {
    get { self[Settings.levels] }
    set { self[Settings.levels] = newValue }
  }
}
