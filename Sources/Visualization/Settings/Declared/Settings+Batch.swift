extension Settings {
  /// How many pictures one ascent makes, side by side.
  public enum Batch: Setting {
    public static let key = "batch"
    public static let kind = SettingKind.integer(1...64)
    public static let usual = 1
    public static let help = "How many pictures are made together, side by side."
    public static let valueName = "count"
  }
}

extension Recipe {
  /// How many pictures one ascent makes, laid side by side.
  public var batch: Int {
    get { self[Settings.Batch.self] }
    set { self[Settings.Batch.self] = newValue }
  }
}
