extension Settings {
  /// How many transformed versions of the picture a step looks at together.
  public static let views = Setting<Int?>(
    "views", .optional(.integer(1...64)), usual: nil,
    usualInWords: "8 for the transforms `views`, or 1",
    help: "How many transformed versions of the picture each step looks at.", valueName: "count"
  ) { ascent, count, recipe in
    ascent.views = count ?? (recipe.transforms == NamedTransforms.views.name ? 8 : 1)
  }
}

extension Recipe {
  /// How many transformed versions of the picture a step looks at; nil: what suits the transforms.
  public var views: Int? {
    get { self[Settings.views] }
    set { self[Settings.views] = newValue }
  }
}
