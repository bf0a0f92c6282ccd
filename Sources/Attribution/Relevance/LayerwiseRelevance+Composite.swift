extension LayerwiseRelevance {
  /// Which rule each kind of layer follows.
  public struct Composite: Sendable, Hashable {
    /// The rule of convolutions.
    public var convolution: RelevanceRule
    /// The rule of matrix products.
    public var linear: RelevanceRule
    /// The rule of the first convolution; `nil` for that of the others.
    public var first: RelevanceRule?

    /// Creates a composite.
    public init(
      convolution: RelevanceRule, linear: RelevanceRule = .epsilon(), first: RelevanceRule? = nil
    ) {
      self.convolution = convolution
      self.linear = linear
      self.first = first
    }

    /// Only what is positive in convolutions: few details, all of them in favour of the objective.
    public static let epsilonPlus = Composite(convolution: .zPlus)
    /// What is positive twice, less what is negative: what speaks for the objective and what against it.
    public static let epsilonAlpha2Beta1 = Composite(convolution: .alphaBeta(alpha: 2, beta: 1))
    /// Contributions of each output's sign preferred, and the range of pixels taken into account.
    ///
    /// - Parameter range: The range of the network's input; `nil` for the one that each input spans.
    /// - Returns: The composite.
    public static func epsilonGammaBox(_ range: ClosedRange<Float>? = nil) -> Composite {
      Composite(convolution: .gamma(), first: .box(range))
    }
  }
}
