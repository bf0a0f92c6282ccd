public import Tensors

/// The gradient times the input, element by element: what each element contributes to a linear network.
///
/// Source: Shrikumar et al., "Not Just a Black Box", 2016.
public struct InputTimesGradient: AttributionMethod {
  /// Creates the method.
  public init() {}

  /// Explains pictures; the map has their shape.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    pictures * (try explained.gradient(at: pictures))
  }
}

extension RegisteredMethod {
  static let inputTimesGradient = RegisteredMethod(
    "input-x-gradient", "the gradient times the input", shows: .signed
  ) { _ in InputTimesGradient() }
}
