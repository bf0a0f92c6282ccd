extension Settings {
  /// How many pictures one ascent makes, laid side by side.
  public static let batch = Setting<Int>(
    "batch", .integer(1...64), usual: 1,
    help: "How many pictures are made together, side by side.", valueName: "count")
}

extension Recipe {
  /// How many pictures one ascent makes, laid side by side.
  public var batch: Int {
    get { self[Settings.batch] }
    set { self[Settings.batch] = newValue }
  }
}
