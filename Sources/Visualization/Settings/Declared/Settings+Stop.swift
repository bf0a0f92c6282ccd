extension Settings {
  /// After how many steps without improvement an ascent ends.
  public static let stop = Setting<Int?>(
    "stop", .optional(.integer(1...1_000_000)), usual: nil, usualInWords: "never",
    help: "End early where so many steps have not improved the picture; 32, for example.",
    valueName: "steps"
  ) { ascent, steps, _ in ascent.patience = steps }
}

extension Recipe {
  /// After how many steps without improvement an ascent ends; nil: after the last.
  public var stop: Int? {
    get { self[Settings.stop] }
    set { self[Settings.stop] = newValue }
  }
}
