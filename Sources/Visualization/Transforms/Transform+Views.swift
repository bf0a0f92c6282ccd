import Tensors

extension [any Transform] {
  /// What several views of a picture show: parts of it, mirrored or not, with noise.
  ///
  /// Sources: Fort and Whitaker, arXiv 2502.07753 (shift and noise); Cazenavette et al., arXiv 2511.16674
  /// (mirror, crop and noise).
  ///
  /// - Parameters:
  ///   - size: The size that the network sees; nil: the picture's.
  ///   - shares: The smallest and the largest part, as shares of the picture.
  /// - Returns: The transforms.
  public static func views(
    size: PictureSize? = nil, shares: ClosedRange<Double> = 0.6...1
  ) -> [any Transform] {
    [RandomCrop(shares, overhang: 0.1, size: size), RandomMirror(), Noise(0.05)]
  }
}

extension NamedTransforms {
  static var views: NamedTransforms {
    NamedTransforms("views", help: "parts of it, mirrored, with noise, several in a step") {
      ascent, _ in
      let picture = PictureSize(height: ascent.shape[2], width: ascent.shape[3])
      guard case .fixed(let height, let width) = ascent.inputSize else { return .views() }
      let size = PictureSize(height: height, width: width)
      // Of a large picture also parts as large as the network's input.
      let least = Swift.min(
        0.6,
        1.2 * Double(Swift.max(height, width))
          / Double(Swift.max(picture.height, picture.width)))
      return .views(size: size, shares: least...1)
    }
  }
}
