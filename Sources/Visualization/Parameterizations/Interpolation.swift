import Tensors

/// How a picture is sampled at another size, along one axis.
///
/// Sizes change by a matrix a side, `rows · picture · columnsᵀ`, so that the derivative is that of a matrix
/// product.
enum Interpolation: Sendable {
  /// Between two neighbours, as PyTorch's `interpolate(mode="bilinear", align_corners=False)`.
  case bilinear

  /// Between two neighbours, pixels' corners at whole numbers, as TensorFlow 1's `resize_bilinear`.
  case bilinearFromCorner

  /// Among four neighbours, as PyTorch's `bicubic`; of a single pixel, that pixel.
  case bicubic

  /// Over as many neighbours as stand for a pixel of the result, as PyTorch's `antialias=True`.
  case antialiased

  /// The matrix.
  ///
  /// - Parameters:
  ///   - extent: The number of pixels along the axis.
  ///   - target: The number of pixels of the result.
  /// - Returns: Shape (target, extent); every row sums to 1.
  func matrix(from extent: Int, to target: Int) -> Tensor {
    matrix(from: extent, part: 0..<Double(extent), to: target)
  }

  /// The matrix that takes a part of the axis.
  ///
  /// - Parameters:
  ///   - extent: The number of pixels along the axis.
  ///   - part: Where the result begins and ends, in pixels; the first pixel reaches from 0 to 1.
  ///   - target: The number of pixels of the result.
  ///   - repeatsEdge: Whether the first and the last pixel stand for what is beyond them; else it is 0.
  /// - Returns: Shape (target, extent); every row sums to 1, or is 0 where it is of what is beyond the edge.
  func matrix(
    from extent: Int, part: Range<Double>, to target: Int, repeatsEdge: Bool = true
  ) -> Tensor {
    let scale = (part.upperBound - part.lowerBound) / Double(target)
    var entries = [Double](repeating: 0, count: target * extent)
    for row in 0..<target {
      let corner = part.lowerBound + scale * Double(row)
      let center = self == .bilinearFromCorner ? corner : corner + scale / 2 - 0.5
      guard repeatsEdge || (-0.5...Double(extent) - 0.5).contains(center) else { continue }
      let weights = weights(around: center, scale: scale)
        .filter { repeatsEdge || (0..<extent).contains($0.pixel) }
      let sum = weights.reduce(0) { $0 + $1.weight }
      for (pixel, weight) in weights {
        entries[row * extent + min(max(pixel, 0), extent - 1)] += weight / sum
      }
    }
    return Tensor([target, extent], entries.map { Float($0) })
  }

  /// The pixels that a point is made of; those outside repeat the edge.
  private func weights(around point: Double, scale: Double) -> [(pixel: Int, weight: Double)] {
    let first = Int(point.rounded(.down))
    switch self {
    case .bilinear, .bilinearFromCorner:
      let share = point - Double(first)
      return [(first, 1 - share), (first + 1, share)]
    case .bicubic:
      return (first - 1...first + 2).map { ($0, Self.cubic(point - Double($0))) }
    case .antialiased:
      let reach = max(scale, 1)
      let pixels = Int((point - reach).rounded(.down))...Int((point + reach).rounded(.up))
      return pixels.map { ($0, max(0, 1 - Swift.abs(point - Double($0)) / reach)) }
    }
  }

  /// Keys' kernel with `a = −0.75`, as in PyTorch.
  private static func cubic(_ distance: Double) -> Double {
    let (a, x) = (-0.75, Swift.abs(distance))
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
  }
}
