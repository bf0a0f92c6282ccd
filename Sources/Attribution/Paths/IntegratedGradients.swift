public import Tensors

/// The gradient averaged along the straight line from a baseline to the input, times the way.
///
/// With `x` the input and `b` the baseline, `(x − b) ⊙ ∫₀¹ ∇f(b + α (x − b)) dα`. The map adds up to
/// `f(x) − f(b)`, but for the quadrature's error (completeness). Of several baselines the maps are averaged.
///
/// Source: Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.
public struct IntegratedGradients: AttributionMethod {
  /// Where on the line the gradient is taken, and what it weighs.
  public enum Quadrature: Sendable, Hashable {
    /// Gauss–Legendre's points and weights, as in Captum: none of them an end.
    case gaussLegendre
    /// Equal steps from one end to the other, both counted in full, as in PAIR saliency.
    case uniform

    /// So many points, 0…1, and weights that add up to 1.
    func points(_ count: Int) -> [(point: Double, weight: Double)] {
      switch self {
      case .gaussLegendre: Attribution.gaussLegendre(count)
      case .uniform:
        (0..<count).map { (Double($0) / Double(max(count - 1, 1)), 1 / Double(count)) }
      }
    }
  }

  /// The number of points at which the gradient is taken.
  public var steps: Int
  /// Where the line begins; lines from several are averaged.
  public var baseline: Baseline
  /// Where on the line the points are.
  public var quadrature: Quadrature

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - steps: The number of points at which the gradient is taken, at least 1.
  ///   - baseline: Where the line begins; lines from several are averaged.
  ///   - quadrature: Where on the line the points are.
  public init(
    steps: Int = 50, baseline: Baseline = 0.0, quadrature: Quadrature = .gaussLegendre
  ) {
    precondition(steps >= 1, "IntegratedGradients: \(steps) steps")
    self.steps = steps
    self.baseline = baseline
    self.quadrature = quadrature
  }

  /// Explains pictures; the map has their shape.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    try baseline.tensors(for: pictures, of: explained).map(reporting: progress) {
      try map(of: pictures, from: $0, explained, $1)
    }.mean
  }

  /// The map of one line.
  private func map(
    of pictures: Tensor, from start: Tensor, _ explained: Explained, _ progress: (Double) -> Void
  ) throws -> Tensor {
    let points = quadrature.points(steps)
    let way = pictures - start
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
    try baseline.rise(to: pictures, of: explained)
  }
}

extension RegisteredMethod {
  static let integratedGradients = RegisteredMethod(
    "integrated-gradients",
    "the gradient averaged on the way from a baseline, times the way", shows: .signed,
    takes: [.steps, .baseline, .seed]
  ) { IntegratedGradients(steps: $0.steps ?? 50, baseline: $0.baseline(or: 0.0)) }
}
