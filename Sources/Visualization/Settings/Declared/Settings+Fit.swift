extension Settings {
  /// How a picture to start from is brought to the size, where its proportions are others.
  public static let fit = Setting<String?>(
    "fit",
    .optional(
      .name(of: [
        ("crop", "its middle, what sticks out is cut off"), ("pad", "all of it, with bars of grey"),
        ("stretch", "all of it, out of proportion"),
      ])), usual: nil, usualInWords: "crop",
    help: "How the picture to start from is brought to the size.", valueName: "how",
    for: .any(of: "init"))
}

extension Recipe {
  /// How a picture to start from is brought to the size; nil: its middle.
  public var fit: String? {
    get { self[Settings.fit] }
    set { self[Settings.fit] = newValue }
  }
}
