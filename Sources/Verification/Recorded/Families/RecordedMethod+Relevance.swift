import Attribution

extension RecordedMethod {
  /// Layer-wise relevance propagation.
  static let relevance: [RecordedMethod] = [
    .map("lrp_epsilon_plus") { _ in LayerwiseRelevance(.epsilonPlus) },
    .map("lrp_epsilon_alpha2_beta1") { _ in LayerwiseRelevance(.epsilonAlpha2Beta1) },
    .map("lrp_epsilon_plus_flat") { _ in LayerwiseRelevance(.epsilonPlusFlat) },
    .map("lrp_epsilon_alpha2_beta1_flat") { _ in LayerwiseRelevance(.epsilonAlpha2Beta1Flat) },
    .map("excitation_backprop") { _ in LayerwiseRelevance(.excitationBackprop) },
    .map("lrp_epsilon_gamma_box") { LayerwiseRelevance(.epsilonGammaBox($0.box)) },
  ]
}

extension RecordedRequest {
  /// The recorded range of the input.
  fileprivate var box: ClosedRange<Float>? {
    guard let box = recording.numbers("box"), box.count == 2, box[0] <= box[1] else { return nil }
    return Float(box[0])...Float(box[1])
  }
}
