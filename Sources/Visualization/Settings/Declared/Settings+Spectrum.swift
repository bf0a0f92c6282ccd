extension Settings {
  /// A folder of pictures whose mean spectrum `maco` keeps; read where pictures are.
  public static let spectrum = Setting<String?>(
    "spectrum", .optional(.path("a folder of pictures")), usual: nil,
    usualInWords: "photographs' own",
    help: "Keep the mean spectrum of the pictures in this folder, for `maco`.", valueName: "folder",
    for: .one(of: "maco", in: "parameterization"))
}

extension Recipe {
  /// A folder of pictures whose mean spectrum is kept; nil: photographs' own.
  public var spectrum: String? {
    get { self[Settings.spectrum] }
    set { self[Settings.spectrum] = newValue }
  }
}
