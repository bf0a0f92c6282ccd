extension Settings {
  /// A picture to start from.
  public static let start = Setting<String?>(
    "init", .optional(.path("the path of a picture to start from")), usual: nil,
    help: "Start from this picture, PNG or JPEG.", valueName: "picture", title: "Start")
}

extension Recipe {
  /// The path of a picture to start from; nil: a random one.
  public var start: String? {
    get { self[Settings.start] }
    set { self[Settings.start] = newValue }
  }
}
