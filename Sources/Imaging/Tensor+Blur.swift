public import Tensors

extension Tensor {
  /// Maps, each averaged with a Gaussian around each place; their sums stay.
  ///
  /// Beyond the border a map is mirrored, so that no place gives away more than it gets.
  ///
  /// - Parameter deviation: The Gaussian's standard deviation, in places; 0 leaves maps as they are.
  /// - Returns: The shape of this tensor.
  /// - Precondition: The shape is (…, H, W) without an empty axis, and `deviation` is not negative.
  public func blurred(deviation: Double) -> Tensor {
    precondition(shape.rank >= 2 && shape.count > 0, "blurred: a map of \(shape)")
    precondition(deviation >= 0 && deviation.isFinite, "blurred: a deviation of \(deviation)")
    // Three deviations hold all but a thousandth.
    let blur = GaussianBlur(
      deviation: deviation, radius: Int((3 * deviation).rounded(.up)), beyond: .reflected)
    let result = blur(scalars.map(Double.init), height: shape[-2], width: shape[-1])
    return Tensor(shape, result.map { Float($0) })
  }
}
