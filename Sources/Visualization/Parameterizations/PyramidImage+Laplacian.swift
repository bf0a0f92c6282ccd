public import Tensors

extension PyramidImage {
  /// Lucid's Laplacian pyramid: the picture's size, its half, its quarter and its eighth.
  ///
  /// `image = colours(Σ spread(levelₙ))`, level n of (height / 2ⁿ, width / 2ⁿ), all from the start. Source:
  /// lucid `optvis/param/lowres.py`.
  ///
  /// - Parameters:
  ///   - shape: The shape of the pictures: (batch, channels, height, width).
  ///   - count: How many levels; those of less than a pixel are left out.
  ///   - standardDeviation: Of the first values.
  ///   - colors: From unbounded values to values in 0…1.
  /// - Returns: The parameterization.
  public static func laplacian(
    _ shape: Shape, levels count: Int = 4, standardDeviation: Float = 0.01,
    colors: ColorMapping = ColorMapping()
  ) -> PyramidImage {
    let factors = (0..<count).map { 1 << $0 }
    let sizes = factors.map { PictureSize(height: shape[2] / $0, width: shape[3] / $0) }
      .filter { $0.height > 0 && $0.width > 0 }
    return PyramidImage(
      shape, levels: sizes.reversed(), standardDeviation: standardDeviation, colors: colors,
      arrival: 0, .bilinearFromCorner)
  }

  /// What lucid's is called.
  static let namedLaplacian = NamedParameterization(
    "laplacian", help: "lucid's: sums of the picture's size, its half, quarter and eighth"
  ) { ascent, _ in PyramidImage.laplacian(ascent.shape) }
}
