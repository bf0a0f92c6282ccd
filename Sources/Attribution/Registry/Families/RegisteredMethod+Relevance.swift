extension RegisteredMethod {
  /// Layer-wise relevance propagation.
  static let relevance: [RegisteredMethod] = [
    .lrpEpsilonPlus, .lrpEpsilonPlusFlat, .lrpEpsilonAlpha2Beta1, .lrpEpsilonAlpha2Beta1Flat,
    .lrpEpsilonGammaBox, .excitationBackprop,
  ]
}
