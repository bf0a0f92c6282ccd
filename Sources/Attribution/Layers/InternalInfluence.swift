import Networks
public import Tensors

/// The gradient by a layer's units, averaged along the straight line from a baseline to the input.
///
/// By Gauss–Legendre quadrature. Unlike conductance it is not multiplied by what the units do on the way: before a mean
/// over all places, where conductance differs from place to place, it is the same everywhere.
///
/// Source: Leino et al., "Influence-Directed Explanations for Deep Convolutional Networks", ITC 2018.
public struct InternalInfluence: LayerMethod {
  /// The layer.
  public var layer: String
  /// The number of points at which the gradient is taken.
  public var steps: Int
  /// Where the line begins; of several, lines are averaged.
  public var baseline: Baseline

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - steps: The number of points at which the gradient is taken, at least 1.
  ///   - baseline: Where the line begins; of several, lines are averaged.
  public init(layer: String, steps: Int = 50, baseline: Baseline = 0.0) {
    precondition(steps >= 1, "InternalInfluence: \(steps) steps")
    self.layer = layer
    self.steps = steps
    self.baseline = baseline
  }

  /// The mean gradients.
  public func units(
    of pictures: Tensor, _ explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let points = gaussLegendre(steps)
    return try baseline.tensors(for: pictures, of: explained).map(reporting: progress) {
      start, progress in
      var sum: Tensor?
      for (index, point) in points.enumerated() {
        try Task.checkCancellation()
        let pass = try explained.pass(
          through: .layer(layer), at: start + (pictures - start) * Float(point.point))
        let part = pass.gradient * Float(point.weight)
        sum = sum.map { $0 + part } ?? part
        progress(Double(index + 1) / Double(steps))
      }
      return sum ?? Tensor(pictures.shape)
    }.mean
  }
}

extension RegisteredMethod {
  static let internalInfluence = layerMethod(
    "internal-influence", "a layer's gradient averaged on the way from a baseline",
    takes: [.steps, .baseline, .seed], at: { try $0.lastUnevenLayer() }
  ) { layer, said in
    InternalInfluence(
      layer: layer, steps: said.steps ?? 50, baseline: said.baseline(or: 0.0))
  }
}
