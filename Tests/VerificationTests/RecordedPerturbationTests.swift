@testable import Attribution
import Networks
import Objectives
import Tensors
import Testing

/// Perturbation methods against Captum, scikit-learn and the definitions.
@Suite struct RecordedPerturbationTests {
  private static let cases = ["vgg", "resnet", "inception", "mobilenetv2", "gates", "vit"]

  @Test("occlusion and feature ablation", arguments: cases)
  func ablation(name: String) throws {
    let recorded = try RecordedMethods(name)
    for method in ["occlusion", "occlusion_ragged", "feature_ablation"] {
      let entry = try #require(recorded.entry(method))
      var map: Tensor
      if let window = entry.window, let stride = entry.stride {
        map = try Occlusion(
          window: .init(height: window[1], width: window[2]),
          stride: .init(height: stride[1], width: stride[2]), byChannel: window[0] == 1,
          baseline: window[0] == 1 ? 0.25 : 0
        ).attribute(recorded.input, of: recorded.explained(entry.unit)) { _ in }
      } else {
        map = try FeatureAblation(parts: recorded.parts("superpixels.pb"))
          .attribute(recorded.input, of: recorded.explained(entry.unit)) { _ in }
        map = map.broadcast(to: recorded.input.shape)
      }
      recorded.expect(map.scalars, try recorded.tensor(#require(entry.file)), entry)
    }
  }

  @Test("Shapley values, KernelSHAP and LIME over all coalitions of nine parts", arguments: cases)
  func coalitions(name: String) throws {
    let recorded = try RecordedMethods(name)
    let parts = try recorded.parts("grid.pb")
    #expect(
      try parts.partition(of: recorded.input)
        == Parts.grid(rows: 3, columns: 3).partition(of: recorded.input))
    let methods: [(String, any PartMethod, hasIntercept: Bool)] = [
      ("shapley", ShapleyValues(parts: parts), false),
      ("kernel_shap", KernelSHAP(parts: parts), false),
      ("kernel_shap_soft", KernelSHAP(parts: parts, ends: .weighted(1e6)), true),
      ("lime", LIME(parts: parts), true),
      ("lime_image_kernel", LIME(parts: parts, kernel: .pictures(), ridge: 0.1), true),
    ]
    for (method, ours, hasIntercept) in methods {
      let entry = try #require(recorded.entry(method))
      let game = CoalitionGame(
        recorded.explained(entry.unit), picture: recorded.input,
        baseline: Tensor(recorded.input.shape),
        partition: try parts.partition(of: recorded.input))
      let scores = try ours.scores(game) { _ in }
      #expect(scores.standardErrors.allSatisfy { $0 == 0 })
      recorded.expect(
        (scores.values + (hasIntercept ? [scores.intercept] : [])).map { Float($0) },
        try recorded.tensor(#require(entry.file)), entry)
    }
    let entry = try #require(recorded.entry("coalition_values"))
    let game = CoalitionGame(
      recorded.explained(entry.unit), picture: recorded.input,
      baseline: Tensor(recorded.input.shape), partition: try parts.partition(of: recorded.input))
    recorded.expect(
      try game.values(of: 512) { Coalition(number: $0, parts: 9) }.map { Float($0) },
      try recorded.tensor(#require(entry.file)), entry)
  }
}
