public import Attribution
public import Tensors

/// How far a map moves at most when the picture hardly does.
///
/// `max ‖e(x) − e(x + d)‖ / ‖e(x)‖` over small perturbations `d`. As a maximum over few draws it has no standard
/// error; more draws can only raise it.
///
/// Source: Yeh et al., "On the (In)fidelity and Sensitivity of Explanations", NeurIPS 2019; Captum's
/// `sensitivity_max`.
public struct MaxSensitivity: Sendable {
  /// How far a number of the picture may move, in its units: ±.
  public var radius: Float
  /// How many perturbations are drawn.
  public var samples: Int
  /// What they follow from.
  public var seed: UInt64

  /// Creates the measure.
  ///
  /// - Parameters:
  ///   - radius: How far a number of the picture may move, in its units: ±. Captum's 0.02.
  ///   - samples: How many perturbations are drawn.
  ///   - seed: What they follow from.
  public init(radius: Float = 0.02, samples: Int = 10, seed: UInt64 = 0) {
    precondition(radius >= 0 && samples >= 1, "MaxSensitivity: \(samples) draws of ±\(radius)")
    (self.radius, self.samples, self.seed) = (radius, samples, seed)
  }

  /// The sensitivity over perturbations drawn uniformly.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - explained: What it explains.
  ///   - picture: 1×C×H×W.
  ///   - map: Its map of the picture.
  /// - Returns: 0 or more; `nil` for a map of zeros.
  /// - Throws: What the method throws.
  public func value(
    of method: any AttributionMethod, _ explained: Explained, at picture: Tensor, map: Tensor
  ) throws -> Double? {
    var random = SplitMix64(seed: seed)
    return try value(of: method, explained, at: picture, map: map, samples) { _ in
      Tensor.uniform(picture.shape, in: -radius...radius, using: &random)
    }
  }

  /// The sensitivity over given perturbations.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - explained: What it explains.
  ///   - picture: 1×C×H×W.
  ///   - map: Its map of the picture.
  ///   - perturbations: What is added to the picture, N×C×H×W.
  /// - Returns: 0 or more; `nil` for a map of zeros.
  /// - Throws: What the method throws.
  public func value(
    of method: any AttributionMethod, _ explained: Explained, at picture: Tensor, map: Tensor,
    perturbations: Tensor
  ) throws -> Double? {
    try value(of: method, explained, at: picture, map: map, perturbations.shape[0]) {
      perturbations.gathered([$0], alongAxis: 0)
    }
  }

  private func value(
    of method: any AttributionMethod, _ explained: Explained, at picture: Tensor, map: Tensor,
    _ count: Int, _ perturbation: (Int) -> Tensor
  ) throws -> Double? {
    guard map.norm > 0 else { return nil }
    var largest = 0.0
    for index in 0..<count {
      try Task.checkCancellation()
      let moved = try explained.map(of: picture + perturbation(index), by: method)
      largest = max(largest, Double((moved - map).norm / map.norm))
    }
    return largest
  }
}
