extension Settings {
  /// Height and width of the picture as the network sees it.
  public enum Size: Setting {
    public static let key = "size"
    public static let kind = SettingKind<PictureSize?>.optional(.size)
    public static let usual: PictureSize? = nil
    public static let usualInWords: String? = "the network's"
    public static let help = "The picture's size as the network sees it: 224 or 320x240."
    public static let letter: Character? = "s"
  }
}

extension Recipe {
  /// Height and width in pixels; nil: what the network was made for.
  public var size: PictureSize? {
    get { self[Settings.Size.self] }
    set { self[Settings.Size.self] = newValue }
  }
}
