extension RegisteredMethod {
  /// Layer-wise relevance propagation.
  static let relevance: [RegisteredMethod] = [
    .lrpEpsilonPlus, .lrpEpsilonAlpha2Beta1, .lrpEpsilonGammaBox,
  ]
}
