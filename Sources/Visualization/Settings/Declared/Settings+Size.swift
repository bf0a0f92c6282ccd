extension Settings {
  /// Height and width of the picture as the network sees it, in pixels.
  public static let size = Setting<PictureSize?>(
    "size", .optional(.size), usual: nil, usualInWords: "the network's",
    help: "The picture's size as the network sees it: 224 or 320x240.", letter: "s")
}

extension Recipe {
  /// Height and width in pixels; nil: what the network was made for.
  public var size: PictureSize? {
    get { self[Settings.size] }
    set { self[Settings.size] = newValue }
  }
}
