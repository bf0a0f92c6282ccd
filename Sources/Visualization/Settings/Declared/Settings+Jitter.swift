extension Settings {
  /// Pixels by which pictures are shifted at random; the transforms are made with it.
  public static let jitter = Setting<Int?>(
    "jitter", .optional(.integer(0...1000)), usual: nil, usualInWords: "what suits the transforms",
    help: "Shift the picture at random by so much.", valueName: "pixels", isKnownToModels: true,
    for: .one(of: "robust", "colors", "standard", "none", in: "transforms"))
}

extension Recipe {
  /// Pixels by which the picture is shifted at random; nil: what suits the transforms.
  public var jitter: Int? {
    get { self[Settings.jitter] }
    set { self[Settings.jitter] = newValue }
  }
}
