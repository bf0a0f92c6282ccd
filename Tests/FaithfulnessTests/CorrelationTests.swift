import Attribution
import Autodiff
import Objectives
import Tensors
import Testing

@testable import Faithfulness

@Suite struct CorrelationTests {
  private let recorded: RecordedMetrics
  private let nothing: Tensor

  init() throws {
    recorded = try RecordedMetrics()
    nothing = Tensor(recorded.input.shape)
  }

  @Test("infidelity as Captum has it")
  func infidelity() throws {
    let perturbations = try RecordedMetrics.tensor("infidelity_perturbations.pb")
    let maps = [
      "ig": try RecordedMetrics.integratedGradients, "gradient": try RecordedMetrics.gradient,
    ]
    for (name, map) in maps {
      func value(_ scaling: Infidelity.Scaling) throws -> Double? {
        try Infidelity(scaling).value(
          of: recorded.logit, at: recorded.input, map: map, perturbations: perturbations)
      }
      try recorded.check("infidelity_\(name)", value(.none))
      try recorded.check("infidelity_\(name)_normalized", value(.best))
      let relative = try #require(try value(.relative))
      #expect(relative > 0 && relative < 1)
    }
  }

  @Test("the gradient of a linear scalar says all of every perturbation; its standard error is 0")
  func linear() throws {
    let explained = recorded.explained(
      Objective("linear") { $0.picture.sum() })
    let map = Tensor(recorded.input.shape, repeating: 3)
    let found = try #require(
      try Infidelity().value(of: explained, at: recorded.input, map: map, samples: 8))
    #expect(abs(found.value) < 1e-5 && found.standardError < 1e-5)
  }

  @Test("µFidelity with the recorded masks, and its expectation without")
  func muFidelity() throws {
    let map = try RecordedMetrics.integratedGradients.channelMean
    let masks = try RecordedMetrics.tensor("mu_fidelity_masks.pb")
    let kept = (0..<masks.shape[0]).map { index in
      masks.gathered([index], alongAxis: 0).scalars.map { $0 > 0.5 }
    }
    let value = try MuFidelity().correlation(
      of: recorded.logit, at: recorded.input, map: map, nothing: nothing, keeping: kept)
    try recorded.check("mu_fidelity", value)
    let drawn = try #require(
      try MuFidelity(samples: 100, seed: 4).correlation(
        of: recorded.logit, at: recorded.input, map: map, nothing: nothing))
    let again = try #require(
      try MuFidelity(samples: 100, seed: 5).correlation(
        of: recorded.logit, at: recorded.input, map: map, nothing: nothing))
    let error = try #require(drawn.standardError)
    #expect(drawn.value != again.value && abs(drawn.value - again.value) < 5 * error)
  }

  @Test("what dimming by the map does, as pytorch-grad-cam has it")
  func confidence() throws {
    let map = try RecordedMetrics.tensor("road_map.pb")
    let value = try ConfidenceChange().value(
      of: recorded.logit, at: recorded.input, map: map.reshaped([map.shape[-2], map.shape[-1]]),
      nothing: nothing)
    try recorded.check("cam_mult_confidence_change", value)
  }

  @Test("the jackknife of a mean is its usual standard error")
  func jackknifeOfMean() {
    let values = [1.0, 4, 2, 8, 5]
    let error = jackknife(values.count) { left in
      values.enumerated().reduce(0) { $1.offset == left ? $0 : $0 + $1.element } / 4
    }
    #expect(abs(error - (values.meanAndStandardError.standardError ?? 0)) < 1e-12)
  }
}
