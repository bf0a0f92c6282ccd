public import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Tensor {
  /// A map averaged with a Gaussian around each place; its sum stays.
  ///
  /// Beyond the border the map is mirrored, so that no place gives away more than it gets.
  ///
  /// - Parameter deviation: The Gaussian's standard deviation, in places; 0 leaves the map as it is.
  /// - Returns: The shape of this tensor.
  /// - Precondition: The shape is (H, W) without an empty axis, and `deviation` is not negative.
  public func blurred(deviation: Double) -> Tensor {
    precondition(shape.rank == 2 && shape.count > 0, "blurred: a map of \(shape)")
    precondition(deviation >= 0 && deviation.isFinite, "blurred: a deviation of \(deviation)")
    guard deviation > 0 else { return self }
    return blurredAlongRows(deviation).transposed([1, 0]).blurredAlongRows(deviation)
      .transposed([1, 0])
  }

  private func blurredAlongRows(_ deviation: Double) -> Tensor {
    let (height, width) = (shape[0], shape[1])
    // Three deviations hold all but a thousandth; farther than the map is wide, mirrors repeat themselves.
    let reach = Int((3 * deviation).rounded(.up))
    let weights = (-reach...reach).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
    let total = weights.reduce(0, +)
    let places = (0..<width).map { x in (-reach...reach).map { Self.mirrored(x + $0, width) } }
    let scalars = scalars
    return Tensor(shape) { out in
      for y in 0..<height {
        for x in 0..<width {
          var sum = 0.0
          for (tap, place) in places[x].enumerated() {
            sum += weights[tap] * Double(scalars[y * width + place])
          }
          out[y * width + x] = Float(sum / total)
        }
      }
    }
  }

  /// The place within a row that a place beyond its ends mirrors.
  private static func mirrored(_ place: Int, _ width: Int) -> Int {
    let period = 2 * width
    let inside = ((place % period) + period) % period
    return inside < width ? inside : period - 1 - inside
  }
}
