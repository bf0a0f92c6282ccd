import Tensors

extension [any Transform] {
  /// Lucid's `standard_transforms`, one after the other: sizes vary from step to step.
  ///
  /// Source: lucid `optvis/transform.py`.
  public static var standard: [any Transform] { geometric() }

  /// The same with another first jitter; nil: lucid's.
  static func standard(jitter: Int?) -> [any Transform] {
    jitter.map { geometric(jitter: $0) } ?? standard
  }

  /// The draws of `standard` in one sampling, as large as the picture: fast, and one size.
  public static var robust: [any Transform] { [Combined(geometric())] }

  /// The draws of `standard` in one sampling, for pictures that may be small: lucid's numbers are meant
  /// for some 200 pixels; below 192, all distances and angles shrink in proportion.
  ///
  /// - Parameters:
  ///   - side: The picture's smaller side in pixels.
  ///   - jitter: Pixels by which pictures are shifted before scaling and rotation; nil: lucid's.
  /// - Returns: The transforms.
  public static func robust(side: Int, jitter: Int? = nil) -> [any Transform] {
    let share = Swift.min(1, Double(side) / 192)
    func pixels(_ count: Double) -> Int { Int((share * count).rounded()) }
    let first = jitter ?? pixels(8)
    return [
      Combined([
        Pad(Swift.max(pixels(12), (first + pixels(4)) / 2)),
        Jitter(first),
        RandomScale((-5...5).map { 1 + 0.02 * share * Double($0) }),
        RandomRotation(
          degrees: ((-10...10).map(Double.init) + [Double](repeating: 0, count: 5)).map {
            share * $0
          }),
        Jitter(pixels(4)),
      ])
    ]
  }

  /// No transforms.
  public static var none: [any Transform] { [] }

  /// Lucid's, with another first jitter where one is asked for, and margins that are wide enough for it.
  private static func geometric(jitter: Int = 8) -> [any GeometricTransform] {
    [
      Pad(Swift.max(12, (jitter + 4) / 2)),
      Jitter(jitter),
      RandomScale((0...10).map { 0.9 + 0.02 * Double($0) }),
      RandomRotation(degrees: (-10...10).map(Double.init) + [Double](repeating: 0, count: 5)),
      Jitter(4),
    ]
  }
}

extension NamedTransforms {
  static var robust: NamedTransforms {
    NamedTransforms("robust", help: "pad, jitter, scale, rotate, jitter in one sampling") {
      $0.shape[2] == 1
        ? RandomShift.ofSignals(length: $0.shape[3], by: $1.jitter)
        : .robust(side: min($0.shape[2], $0.shape[3]), jitter: $1.jitter)
    }
  }

  static var standard: NamedTransforms {
    NamedTransforms("standard", help: "lucid's, one after the other") {
      $0.shape[2] == 1
        ? RandomShift.ofSignals(length: $0.shape[3], by: $1.jitter)
        : .standard(jitter: $1.jitter)
    }
  }

  static var none: NamedTransforms {
    NamedTransforms("none", help: "none but the jitter that is asked for") { ascent, recipe in
      recipe.jitter.map {
        ascent.shape[2] == 1
          ? RandomShift.ofSignals(length: ascent.shape[3], by: $0)
          : [Combined([Pad($0), Jitter(2 * $0)])]
      } ?? []
    }
  }
}
