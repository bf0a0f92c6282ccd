import Networks
public import Tensors

/// What flows through each unit of a layer on the straight line from a baseline to the input.
///
/// `∫ ∂f/∂y · dy` along the line, `y` the unit: cut into steps, the unit's change over each times the gradient
/// in its middle. The units of a layer that everything goes through add up to `f(x) − f(b)`, but for the steps'
/// width. Captum takes differences between Gauss–Legendre points with the gradient at the first of each two, and
/// leaves out what lies before the first point and after the last; `.captum` repeats that.
///
/// Source: Dhamdhere, Sundararajan and Yan, "How Important Is a Neuron?", ICLR 2019.
public struct LayerConductance: LayerMethod {
  /// How the line is cut.
  public enum Rule: Sendable, Hashable {
    /// Into equal steps, the gradient taken in the middle of each.
    case midpoint
    /// Between Gauss–Legendre points, the gradient taken at the first of each two.
    case captum
  }

  /// The layer.
  public var layer: String
  /// The number of steps.
  public var steps: Int
  /// Where the line begins; of several, lines are averaged.
  public var baseline: Baseline
  /// How the line is cut.
  public var rule: Rule

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - steps: The number of steps, at least 1.
  ///   - baseline: Where the line begins; of several, lines are averaged.
  ///   - rule: How the line is cut.
  public init(
    layer: String, steps: Int = 50, baseline: Baseline = 0.0, rule: Rule = .midpoint
  ) {
    precondition(steps >= 1, "LayerConductance: \(steps) steps")
    self.layer = layer
    self.steps = steps
    self.baseline = baseline
    self.rule = rule
  }

  /// The conductances.
  public func units(
    of pictures: Tensor, _ explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    try baseline.tensors(for: pictures, of: explained).map(reporting: progress) {
      try units(of: pictures, from: $0, explained, $1)
    }.mean
  }

  /// Those of one line.
  private func units(
    of pictures: Tensor, from start: Tensor, _ explained: Explained, _ progress: (Double) -> Void
  ) throws -> Tensor {
    let source = Reading.Source.layer(layer)
    let way = pictures - start
    var before = try explained.pass(through: source, at: start + way * ends[0])
    var sum = Tensor(before.activation.shape)
    for step in 0..<steps {
      try Task.checkCancellation()
      let after = try explained.pass(through: source, at: start + way * ends[step + 1])
      let gradient =
        rule == .captum
        ? before.gradient
        : try explained.pass(through: source, at: start + way * middle(step)).gradient
      sum += (after.activation - before.activation) * gradient
      before = after
      progress(Double(step + 1) / Double(steps))
    }
    return sum
  }

  /// Where steps begin and end, 0…1.
  private var ends: [Float] {
    switch rule {
    case .midpoint: (0...steps).map { Float($0) / Float(steps) }
    case .captum: gaussLegendre(steps + 1).map { Float($0.point) }
    }
  }

  private func middle(_ step: Int) -> Float { (Float(step) + 0.5) / Float(steps) }
}

extension RegisteredMethod {
  static let layerConductance = layerMethod(
    "layer-conductance", "what flows through a layer on the way from a baseline",
    takes: [.steps, .baseline, .seed]
  ) { layer, said in
    LayerConductance(layer: layer, steps: said.steps ?? 50, baseline: said.baseline(or: 0.0))
  }
}
