extension Settings {
  /// Pixels by which pictures are shifted at random; the transforms are made with it.
  public enum Jitter: Setting {
    public static let key = "jitter"
    public static let kind = SettingKind<Int?>.optional(.integer(0...1000))
    public static let usual: Int? = nil
    public static let usualInWords: String? = "what suits the transforms"
    public static let help = "Shift the picture at random by so much."
    public static let valueName = "pixels"
    public static let isKnownToModels = true
  }
}

extension Recipe {
  /// Pixels by which the picture is shifted at random; nil: what suits the transforms.
  public var jitter: Int? {
    get { self[Settings.Jitter.self] }
    set { self[Settings.Jitter.self] = newValue }
  }
}
