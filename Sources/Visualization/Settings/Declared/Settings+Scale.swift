extension Settings {
  /// How many times its size a picture is saved.
  public enum Scale: Setting {
    public static let key = "scale"
    public static let kind = SettingKind<Int?>.optional(.integer(1...64))
    public static let usual: Int? = nil
    public static let usualInWords: String? = "to about 512 pixels"
    public static let help = "How many times its size the picture is saved."
    public static let valueName = "factor"
  }
}

extension Recipe {
  /// How many times larger the file's picture is; nil: as large as one can look at.
  public var scale: Int? {
    get { self[Settings.Scale.self] }
    set { self[Settings.Scale.self] = newValue }
  }
}
