extension RegisteredMethod {
  /// What transformers attend to.
  package static let attention: [RegisteredMethod] = [
    .attentionMap, .attentionRollout, .gradientRollout, .attnLRP, .cpLRP,
  ]
}
