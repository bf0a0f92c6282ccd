import Blocks
import Networks
public import Tensors

/// What every element's difference from a baseline contributes to the objective's difference.
///
/// On the way back a function of one element passes `Δy / Δx` in place of its derivative (the rescale rule);
/// where `Δx` is nothing, the derivative. A max pool gives what its output has above the baseline's to the
/// input's greatest element, and what it has below to the baseline's. A product or quotient of two values, or
/// the greater of them, shares its difference out by Shapley's rule: the mean over both orders of changing
/// them. Normalizations, softmax and products of matrices pass the mean of their derivative on the line between
/// both, of which the rescale rule is the case of one element. Linear operations pass their derivative. So the map
/// adds up to `f(x) − f(b)`, but for rounding and for what other operations the network may have.
///
/// Captum's differs, which `.captum` repeats: products pass their derivative; a max pool that reads a rectifier's
/// output passes that of the input's greatest element, because two of its hooks run in the wrong order; and of
/// windows that share their greatest element only the last one counts.
///
/// Source: Shrikumar, Greenside and Kundaje, "Learning Important Features Through Propagating Activation
/// Differences", ICML 2017; Shapley's rule as in SHAP's DeepExplainer.
public struct DeepLift: AttributionMethod {
  /// Which operations have a rule.
  public enum Rules: String, Sendable, Hashable {
    /// All that can have one.
    case complete
    /// Those that have one in Captum 0.9.
    case captum
  }

  /// What differences are taken from; of several, maps are averaged.
  public var baseline: Baseline
  /// Which operations have a rule.
  public var rules: Rules

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - baseline: What differences are taken from; of several, maps are averaged.
  ///   - rules: Which operations have a rule.
  public init(baseline: Baseline = 0.0, rules: Rules = .complete) {
    (self.baseline, self.rules) = (baseline, rules)
  }

  /// Explains pictures; the map has their shape.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    try baseline.tensors(for: pictures, of: explained).map(reporting: progress) { start, _ in
      try map(of: pictures, from: start, explained)
    }.mean
  }

  /// The map from one baseline: first what the network makes of that, then the way back from the pictures.
  private func map(
    of pictures: Tensor, from start: Tensor, _ explained: Explained
  ) throws -> Tensor {
    let rule = explained.plans.value("deep-lift \(rules)") {
      DeepLiftRule(rules, in: explained.network.graph)
    }
    let names = try explained.needed { rule.reads($0, isKnown: $1) }
    let both = Tensor.concatenate([pictures, start], alongAxis: 1)
    let channels = pictures.shape[1]
    return try explained.inBatches(both) { both in
      let count = both.shape[0]
      func half(_ range: Range<Int>) -> Tensor {
        both.sliced([0..<count, range, 0..<both.shape[2], 0..<both.shape[3]])
      }
      let (x, b) = (half(0..<channels), half(channels..<2 * channels))
      defer { rule.reference.set([:]) }
      // Differences of activations are divided by each other: the definition rounds least, and one pass would
      // not be worth the weights of another method.
      return try ConvolutionMethod.$chosen.withValue(.direct) {
        rule.reference.set(try explained.values(of: names, at: b))
        return [(x - b) * (try explained.gradient(at: x, rule: rule.rule))]
      }
    }[0]
  }
}

extension DeepLift: CompleteMethod {
  /// The objective's rise from the baseline to the pictures.
  public func total(at pictures: Tensor, of explained: Explained) throws -> [Float] {
    try baseline.rise(to: pictures, of: explained)
  }
}

extension RegisteredMethod {
  static let deepLift = RegisteredMethod(
    "deep-lift", "what each difference from a baseline contributes", shows: .signed,
    takes: [.baseline, .seed]
  ) { DeepLift(baseline: $0.baseline(or: 0.0)) }
}
