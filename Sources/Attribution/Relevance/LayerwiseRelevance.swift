import Networks
import Objectives
public import Tensors

/// The objective shared out among what it was computed from, layer by layer down to the input (LRP).
///
/// Convolutions and matrix products follow the composite's rules, with batch norms and constants after
/// them merged in. Activations and what else works on single elements pass relevance on as it is; sums and
/// mean pools share it in proportion to their parts; max pools give it to the winner; in a product with a
/// gate (squeeze-and-excitation, swish) the gated value gets all of it. Attention has no rule here.
///
/// Source: Bach et al., "On Pixel-Wise Explanations for Non-Linear Classifier Decisions by Layer-Wise
/// Relevance Propagation", PLOS ONE 2015; composites and defaults as in zennit.
public struct LayerwiseRelevance: AttributionMethod {
  /// Which rule each kind of layer follows.
  public var composite: Composite

  /// Creates the method.
  public init(_ composite: Composite) {
    self.composite = composite
  }

  /// Explains pictures.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The shape of `pictures`.
  /// - Throws: `AttributionError.noRelevanceRule`, naming every node without one; `.notShareable`.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    try explained.inBatches(pictures) { pictures in
      let walk = try explained.plans.value(WalkKey(composite: composite, shape: pictures.shape)) {
        try RelevanceWalk(explained, inputShape: pictures.shape, composite: composite)
      }
      return [
        try explained.plans.sharingThreads {
          let start = try explained.slopes(of: walk.targets, at: pictures, from: composite.start)
          // The walk holds its own weights.
          explained.plans.makeRoom(for: explained.weightBytes(differentiable: true))
          let relevance = try walk.run(
            start,
            at: explained.network.received(pictures, as: explained.feed), progress)
          return explained.network.inFedOrder(relevance, as: explained.feed)
        }
      ]
    }[0]
  }

  private struct WalkKey: Hashable {
    let composite: Composite
    let shape: Shape
  }
}

extension Explained {
  /// What the activations that the objective reads are multiplied by for their relevance: their gradients, scaled
  /// so that the relevance of a picture adds up to its objective.
  ///
  /// - Parameters:
  ///   - values: The values of the graph that are read.
  ///   - pictures: N×C×H×W.
  ///   - start: What they add up to.
  /// - Returns: A tensor by each value's name, as the graph has it.
  /// - Throws: `AttributionError.notShareable` where they add up to nothing, or the picture itself is read.
  fileprivate func slopes(
    of values: [String], at pictures: Tensor, from start: LayerwiseRelevance.Composite.Start
  ) throws -> [String: Tensor] {
    // One at a time: through a later reading a layer has a gradient that is not what is read of it.
    let responses = try values.map { value in
      try stored([.value(value)], at: pictures) { try network.value(of: $0.source) == value }
    }
    guard let slope = responses.first?.slope else {
      throw AttributionError.notShareable(objective.name)
    }
    let count = pictures.shape[0]
    let read = responses.flatMap(\.stored)
    let parts = read.map { $0.activation * $0.gradient }
    // What is read of one picture is its own, whatever its axes.
    let samples = parts.map { count == 1 ? $0.reshaped([1, $0.count]) : $0 }
    guard samples.allSatisfy({ $0.shape.dimensions.first == count }) else {
      throw AttributionError.notShareable(objective.name)
    }
    let totals = samples.reduce(Tensor([count])) { $0 + $1.sumOfEachSample() }.scalars
    let sizes = samples.reduce(Tensor([count])) { $0 + $1.absolute().sumOfEachSample() }.scalars
    let isLost = (0..<count).contains {
      slope.values[$0] != 0 && abs(totals[$0]) <= 1e-5 * sizes[$0]
    }
    guard slope.byPicture.norm == 0, !isLost else {
      throw AttributionError.notShareable(objective.name)
    }
    let factors = (0..<count).map { picture -> Float in
      if totals[picture] == 0 { return 1 }
      return (start == .one ? 1 : slope.values[picture]) / totals[picture]
    }
    return Dictionary(
      uniqueKeysWithValues: zip(values, read).map { name, part in
        let ones = [Int](repeating: 1, count: part.gradient.shape.rank - 1)
        return (name, part.gradient * Tensor(Shape([count] + ones), factors))
      })
  }
}

extension RegisteredMethod {
  static let lrpEpsilonPlus = RegisteredMethod(
    "lrp-epsilon-plus", "the unit shared out layer by layer: what speaks for it", shows: .signed
  ) { _ in LayerwiseRelevance(.epsilonPlus) }
  static let lrpEpsilonPlusFlat = RegisteredMethod(
    "lrp-epsilon-plus-flat", "the same, whatever the pixels are", shows: .signed
  ) { _ in LayerwiseRelevance(.epsilonPlusFlat) }
  static let lrpEpsilonAlpha2Beta1 = RegisteredMethod(
    "lrp-epsilon-alpha2-beta1",
    "the unit shared out layer by layer: what speaks for it and against", shows: .signed
  ) { _ in LayerwiseRelevance(.epsilonAlpha2Beta1) }
  static let lrpEpsilonAlpha2Beta1Flat = RegisteredMethod(
    "lrp-epsilon-alpha2-beta1-flat", "the same, whatever the pixels are", shows: .signed
  ) { _ in LayerwiseRelevance(.epsilonAlpha2Beta1Flat) }
  static let lrpEpsilonGammaBox = RegisteredMethod(
    "lrp-epsilon-gamma-box",
    "the unit shared out layer by layer, with regard to the pixels' range", shows: .signed
  ) { _ in LayerwiseRelevance(.epsilonGammaBox()) }
  static let excitationBackprop = RegisteredMethod(
    "excitation-backprop", "1 shared out layer by layer among what is positive", shows: .signed
  ) { _ in LayerwiseRelevance(.excitationBackprop) }
}
