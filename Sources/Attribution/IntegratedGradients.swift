import Networks
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

  /// Explains one scalar at one input.
  ///
  /// - Parameters:
  ///   - input: N×C×H×W. Every sample is explained on its own.
  ///   - subject: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The shape of `input`.
  /// - Throws: `NetworkError` or `AttributionError`.
  public func attribute(
    _ input: Tensor, of subject: Subject, progress: (Double) -> Void
  ) throws -> Tensor {
    let plan = try TargetPlan(subject, inputShape: input.shape)
    return try integrate(input, plan, progress)
  }

  /// Explains one scalar and says how far the map is from being complete.
  ///
  /// - Parameters:
  ///   - input: N×C×H×W.
  ///   - subject: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The map, of the shape of `input`, and for each sample the map's sum less the target's
  ///   rise from the baseline to the input: the convergence delta, which more steps bring towards 0.
  /// - Throws: `NetworkError` or `AttributionError`.
  public func attributeWithDelta(
    _ input: Tensor, of subject: Subject, progress: (Double) -> Void = { _ in }
  ) throws -> (map: Tensor, delta: [Float]) {
    let plan = try TargetPlan(subject, inputShape: input.shape)
    let map = try integrate(input, plan, progress)
    let (end, start) = try (plan.values(at: input), plan.values(at: baseline.tensor(input.shape)))
    let samples = input.shape[0]
    let sums = map.reshaped([samples, map.count / samples]).sum(alongAxes: [1]).scalars
    return (map, sums.indices.map { sums[$0] - (end[$0] - start[$0]) })
  }

  private func integrate(
    _ input: Tensor, _ plan: TargetPlan, _ progress: (Double) -> Void
  ) throws -> Tensor {
    let start = baseline.tensor(input.shape)
    let way = input - start
    var sum = Tensor(input.shape)
    for (index, (point, weight)) in gaussLegendre(steps).enumerated() {
      sum += try plan.gradient(at: start + way * Float(point)) * Float(weight)
      progress(Double(index + 1) / Double(steps))
    }
    return way * sum
  }
}
