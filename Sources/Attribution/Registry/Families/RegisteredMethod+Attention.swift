extension RegisteredMethod {
  /// What transformers attend to.
  static let attention: [RegisteredMethod] = [
    .attentionMap, .attentionRollout, .gradientRollout, .attnLRP, .cpLRP,
  ]
}
