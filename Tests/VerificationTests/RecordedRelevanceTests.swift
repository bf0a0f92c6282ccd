import Attribution
import Networks
import Testing

/// Relevance and changed gradients against zennit.
@Suite struct RecordedRelevanceTests {
  @Test(
    "zennit's composites",
    arguments: ["vgg", "resnet", "inception", "mobilenetv2"])
  func composites(name: String) throws {
    let recorded = try RecordedMethods(name)
    var count = 0
    for method in [
      "lrp_epsilon_plus", "lrp_epsilon_alpha2_beta1", "lrp_epsilon_plus_flat",
      "lrp_epsilon_alpha2_beta1_flat", "lrp_epsilon_gamma_box", "excitation_backprop",
      "zennit_beta_smooth", "zennit_guided_backprop", "zennit_deconvnet",
    ] {
      guard let entry = recorded.entry(method) else { continue }
      let box = entry.box.map { $0[0]...$0[1] }
      let ours: (any AttributionMethod)? =
        switch method {
        case "lrp_epsilon_plus": LayerwiseRelevance(.epsilonPlus)
        case "lrp_epsilon_plus_flat": LayerwiseRelevance(.epsilonPlusFlat)
        case "lrp_epsilon_alpha2_beta1": LayerwiseRelevance(.epsilonAlpha2Beta1)
        case "lrp_epsilon_alpha2_beta1_flat": LayerwiseRelevance(.epsilonAlpha2Beta1Flat)
        case "lrp_epsilon_gamma_box": LayerwiseRelevance(.epsilonGammaBox(box))
        case "excitation_backprop": LayerwiseRelevance(.excitationBackprop)
        case "zennit_beta_smooth": .betaSmooth
        case "zennit_guided_backprop": .guidedBackprop
        case "zennit_deconvnet": .deconvolution
        default: nil
        }
      let map = try #require(ours).attribute(
        recorded.input, of: recorded.explained(entry.unit)
      ) { _ in }
      recorded.expect(map.scalars, try recorded.tensor(#require(entry.file)), entry)
      count += 1
    }
    #expect(count == (name == "mobilenetv2" ? 3 : 9))
  }
}
