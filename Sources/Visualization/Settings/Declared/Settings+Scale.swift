extension Settings {
  /// How many times its size a picture is saved.
  public static let scale = Setting<Int?>(
    "scale", .optional(.integer(1...64)), usual: nil, usualInWords: "to about 512 pixels",
    help: "How many times its size the picture is saved.", valueName: "factor")
}

extension Recipe {
  /// How many times its size the picture is saved; nil: as large as one can look at.
  public var scale: Int? {
    get { self[Settings.scale] }
    set { self[Settings.scale] = newValue }
  }
}
