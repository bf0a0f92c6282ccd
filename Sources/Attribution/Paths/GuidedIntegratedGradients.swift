import Blocks
public import Tensors

/// The gradient integrated along a way that moves first where the gradient is small.
///
/// On its way from the baseline to the input each step moves the elements with the smallest gradients, as far
/// as the straight line's corridor allows, until the distance that is left has shrunk as it would on the line:
/// steep places, which make integrated gradients noisy, are passed late and together. The map adds up to the
/// objective's rise, but for the steps' width, and there it is wide: of a cat's logit on GoogLeNet, at the defaults, it
/// adds up to 27.6 in place of 16.05, as PAIR's does. The way is found in Double.
///
/// Source: Kapishnikov et al., "Guided Integrated Gradients", CVPR 2021; steps and defaults as in PAIR
/// saliency.
public struct GuidedIntegratedGradients: AttributionMethod {
  /// The number of gradients on the way.
  public var steps: Int
  /// The share of elements that move at a time, 0…1.
  public var fraction: Double
  /// How far an element may leave the straight line, as a part of the line.
  public var corridor: Double
  /// Where the way begins; ways from several are averaged.
  public var baseline: Baseline

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - steps: The number of gradients on the way, at least 1.
  ///   - fraction: The share of elements that move at a time, above 0 and up to 1.
  ///   - corridor: How far an element may leave the straight line, above 0 and up to 1.
  ///   - baseline: Where the way begins; ways from several are averaged.
  public init(
    steps: Int = 200, fraction: Double = 0.25, corridor: Double = 0.02, baseline: Baseline = 0.0
  ) {
    precondition(
      steps >= 1 && fraction > 0 && fraction <= 1 && corridor > 0 && corridor <= 1,
      "GuidedIntegratedGradients: \(steps) steps of \(fraction) within \(corridor)")
    (self.steps, self.fraction) = (steps, fraction)
    (self.corridor, self.baseline) = (corridor, baseline)
  }

  /// Explains pictures one by one; the map has their shape.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    try baseline.tensors(for: pictures, of: explained).map(reporting: progress) {
      start, progress in
      Tensor.concatenate(
        try (0..<pictures.shape[0]).map(reporting: progress) { sample, progress in
          var way = GuidedWay(
            from: start.gathered([sample], alongAxis: 0),
            to: pictures.gathered([sample], alongAxis: 0), fraction: fraction, corridor: corridor)
          for step in 0..<steps {
            try Task.checkCancellation()
            // Which numbers move is decided by comparing gradients: the definition rounds least.
            let gradient = try ConvolutionMethod.$chosen.withValue(.direct) {
              try explained.gradient(at: way.place)
            }
            way.advance(gradient, step: step, of: steps)
            progress(Double(step + 1) / Double(steps))
          }
          return way.map
        })
    }.mean
  }
}

extension GuidedIntegratedGradients: CompleteMethod {
  /// The objective's rise from the baseline to the pictures.
  public func total(at pictures: Tensor, of explained: Explained) throws -> [Float] {
    try baseline.rise(to: pictures, of: explained)
  }
}

extension RegisteredMethod {
  static let guidedIntegratedGradients = RegisteredMethod(
    "guided-ig", "the gradient integrated along a way that moves first where it is small",
    shows: .signed, takes: [.steps, .baseline, .seed]
  ) { GuidedIntegratedGradients(steps: $0.steps ?? 200, baseline: $0.baseline(or: 0.0)) }
}
