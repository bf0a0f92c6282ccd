extension Settings {
  /// A picture to start from.
  public enum Start: Setting {
    public static let key = "init"
    public static let kind = SettingKind<String?>.optional(.path("the path of a picture to start from"))
    public static let usual: String? = nil
    public static let help = "Start from this picture, PNG or JPEG."
    public static let valueName = "picture"
    public static let title = "Start"
  }
}

extension Recipe {
  /// The path of a picture to start from; nil: a random one.
  public var start: String? {
    get { self[Settings.Start.self] }
    set { self[Settings.Start.self] = newValue }
  }
}
