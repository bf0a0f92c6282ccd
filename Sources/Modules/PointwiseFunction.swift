import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A function of one number and its derivative.
public struct PointwiseFunction: Sendable {
  /// The function `h`.
  public let value: @Sendable (Float) -> Float

  /// The derivative, from `x` and `y = h(x)`.
  public let derivative: @Sendable (_ x: Float, _ y: Float) -> Float

  /// Creates a function of your own.
  public init(
    value: @escaping @Sendable (Float) -> Float,
    derivative: @escaping @Sendable (_ x: Float, _ y: Float) -> Float
  ) {
    (self.value, self.derivative) = (value, derivative)
  }

  /// `h(x) = x`: with a bias, nothing but the bias.
  public static let identity = PointwiseFunction(value: { $0 }, derivative: { _, _ in 1 })

  /// `h(x) = tanh x`, `h′(x) = 1 − tanh² x`.
  public static let tanh = PointwiseFunction(
    value: { hyperbolicTangent($0) }, derivative: { _, y in 1 - y * y })

  /// `h(x) = max(0, x)`, `h′(x) = [x > 0]`.
  ///
  /// At 0 the lecture takes 1 for the derivative and PyTorch 0; this is PyTorch's.
  public static let relu = PointwiseFunction(
    value: { max($0, 0) }, derivative: { x, _ in x > 0 ? 1 : 0 })

  /// `h(x) = 1 / (1 + e⁻ˣ)`, `h′(x) = h(x) (1 − h(x))`.
  public static let sigmoid = PointwiseFunction(
    value: { logistic($0) }, derivative: { _, y in y * (1 - y) })

  /// `h(x) = ln(1 + eˣ)` without overflow, `h′(x) = 1 / (1 + e⁻ˣ)`.
  public static let softplus = PointwiseFunction(
    value: { max($0, 0) + log1p(exp(-abs($0))) }, derivative: { x, _ in logistic(x) })
}

// The C library's function, which the static member of the same name would hide.
private func hyperbolicTangent(_ x: Float) -> Float { tanh(x) }

/// The logistic function; neither end overflows.
private func logistic(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
