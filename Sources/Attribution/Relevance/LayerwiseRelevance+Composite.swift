extension LayerwiseRelevance {
  /// Which rule each kind of layer follows.
  ///
  /// Source: zennit, `zennit.composites`, with its defaults.
  public struct Composite: Sendable, Hashable {
    /// What is shared out.
    public enum Start: Sendable, Hashable {
      /// The objective's value.
      case value
      /// 1, whatever the objective is.
      case one
    }

    /// The rule of convolutions.
    public var convolution: RelevanceRule
    /// The rule of matrix products.
    public var linear: RelevanceRule
    /// The rule of the first convolution; `nil` for that of the others.
    public var first: RelevanceRule?
    /// The rule of a matrix product that comes before all other weighted sums; `nil` for that of the others.
    ///
    /// Where there is one, a convolution behind a matrix product is not the first.
    public var firstLinear: RelevanceRule?
    /// What is shared out.
    public var start: Start

    /// Creates a composite.
    ///
    /// - Parameters:
    ///   - convolution: The rule of convolutions.
    ///   - linear: The rule of matrix products.
    ///   - first: The rule of the first convolution; `nil` for that of the others.
    ///   - firstLinear: The rule of a matrix product that comes before all other weighted sums.
    ///   - start: What is shared out.
    public init(
      convolution: RelevanceRule, linear: RelevanceRule = .epsilon(), first: RelevanceRule? = nil,
      firstLinear: RelevanceRule? = nil, start: Start = .value
    ) {
      self.convolution = convolution
      self.linear = linear
      self.first = first
      self.firstLinear = firstLinear
      self.start = start
    }

    /// The same with the first weighted sum's relevance spread over all that it reads: how much comes from a
    /// place, whatever the pixels are.
    public var flat: Composite {
      var composite = self
      (composite.first, composite.firstLinear) = (.flat, .flat)
      return composite
    }

    /// Only what is positive in convolutions: few details, all of them in favour of the objective.
    public static let epsilonPlus = Composite(convolution: .zPlus)
    /// The same, flat at the pixels.
    public static let epsilonPlusFlat = epsilonPlus.flat
    /// What is positive twice, less what is negative: what speaks for the objective and what against it.
    public static let epsilonAlpha2Beta1 = Composite(convolution: .alphaBeta(alpha: 2, beta: 1))
    /// The same, flat at the pixels.
    public static let epsilonAlpha2Beta1Flat = epsilonAlpha2Beta1.flat
    /// Contributions of each output's sign preferred, and the range of pixels taken into account.
    ///
    /// - Parameter range: The range of the network's input; `nil` for the one that each input spans.
    /// - Returns: The composite.
    public static func epsilonGammaBox(_ range: ClosedRange<Float>? = nil) -> Composite {
      Composite(convolution: .gamma(), first: .box(range))
    }
    /// What is positive everywhere, from 1: the probability that a winner's winners lie there.
    ///
    /// Source: Zhang et al., "Top-Down Neural Attention by Excitation Backprop", ECCV 2016.
    public static let excitationBackprop = Composite(
      convolution: .zPlus, linear: .zPlus, start: .one)
  }
}
