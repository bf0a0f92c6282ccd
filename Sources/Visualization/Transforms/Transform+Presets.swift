extension [any Transform] {
  /// Lucid's `standard_transforms`, one after the other: sizes vary from step to step.
  ///
  /// Source: lucid `optvis/transform.py`.
  public static var standard: [any Transform] { geometric }

  /// The draws of `standard` in one sampling, as large as the picture: fast, and one size.
  public static var robust: [any Transform] { [Combined(geometric)] }

  /// No transforms.
  public static var none: [any Transform] { [] }

  private static var geometric: [any GeometricTransform] {
    [
      Pad(12),
      Jitter(8),
      RandomScale((0...10).map { 0.9 + 0.02 * Double($0) }),
      RandomRotation(degrees: (-10...10).map(Double.init) + [Double](repeating: 0, count: 5)),
      Jitter(4),
    ]
  }
}
