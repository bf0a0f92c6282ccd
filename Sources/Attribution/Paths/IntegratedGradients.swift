public import Tensors

/// The gradient averaged along the straight line from a baseline to the input, times the way.
///
/// With `x` the input and `b` the baseline, `(x − b) ⊙ ∫₀¹ ∇f(b + α (x − b)) dα`, by Gauss–Legendre
/// quadrature. The map adds up to `f(x) − f(b)`, but for the quadrature's error (completeness).
///
/// Source: Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.
public struct IntegratedGradients: AttributionMethod {
  /// The number of points at which the gradient is taken.
  public var steps: Int
  /// Where the line begins.
  public var baseline: Baseline

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - steps: The number of points at which the gradient is taken, at least 1.
  ///   - baseline: Where the line begins.
  public init(steps: Int = 50, baseline: Baseline = 0.0) {
    precondition(steps >= 1, "IntegratedGradients: \(steps) steps")
    self.steps = steps
    self.baseline = baseline
  }

  /// Explains pictures; the map has their shape.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let start = baseline.tensor(pictures.shape)
    let way = pictures - start
    let points = gaussLegendre(steps)
    var sum = Tensor(pictures.shape)
    try explained.gradients(at: steps, progress: progress) {
      start + way * Float(points[$0].point)
    } use: {
      sum += $1 * Float(points[$0].weight)
    }
    return way * sum
  }
}

extension IntegratedGradients: CompleteMethod {
  /// The objective's rise from the baseline to the pictures.
  public func total(at pictures: Tensor, of explained: Explained) throws -> [Float] {
    let start = try explained.values(at: baseline.tensor(pictures.shape))
    return zip(try explained.values(at: pictures), start).map { $0 - $1 }
  }
}

extension RegisteredMethod {
  static let integratedGradients = RegisteredMethod(
    "integrated-gradients",
    "the gradient averaged on the way from a baseline, times the way", shows: .signed
  ) { _ in IntegratedGradients() }
}
