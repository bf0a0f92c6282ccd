import Optimizers
import Testing

/// Schedules of `torch.optim.lr_scheduler`, PyTorch 2.15.
struct LearningRateCase: CustomTestStringConvertible {
  let name: String
  let rate: LearningRate
  let expected: [Float]
  var testDescription: String { name }

  static let all = [
    LearningRateCase(name: "constant", rate: .constant(0.1), expected: [0.1, 0.1]),
    LearningRateCase(
      name: "StepLR(3, .5)", rate: .stepwise(from: 0.1, every: 3, factor: 0.5),
      expected: [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025]),
    LearningRateCase(
      name: "CosineAnnealingLR(6, eta_min=.01)", rate: .cosine(from: 0.1, to: 0.01, over: 6),
      expected: [0.1, 0.0939711432, 0.0775, 0.055, 0.0325, 0.0160288568, 0.01]),
    LearningRateCase(
      name: "OneCycleLR(max_lr=.5, total_steps=10)", rate: .oneCycle(peak: 0.5, over: 10),
      expected: [
        0.02, 0.26, 0.5, 0.475242316, 0.405872827, 0.305631011, 0.194370989, 0.094129173,
        0.024759684, 2e-06,
      ]),
    LearningRateCase(
      name: "LinearLR(.25, 4)", rate: .constant(0.1).warmedUp(over: 4, from: 0.25),
      expected: [0.025, 0.04375, 0.0625, 0.08125, 0.1, 0.1]),
    LearningRateCase(
      name: "LinearLR(.25, 3), then CosineAnnealingLR(5)",
      rate: .cosine(from: 0.1, over: 5).warmedUp(over: 3, from: 0.25),
      expected: [
        0.025, 0.05, 0.075, 0.1, 0.0904508497, 0.0654508497, 0.0345491503, 0.00954915028,
      ]),
  ]
}

@Suite struct LearningRateTests {
  @Test("As PyTorch's", arguments: LearningRateCase.all)
  func schedule(_ c: LearningRateCase) {
    for (step, expected) in c.expected.enumerated() {
      #expect(abs(c.rate(at: step) - expected) <= 1e-6 * expected + 1e-9, "step \(step)")
    }
  }

  @Test("Past the end it stays at the end")
  func pastTheEnd() {
    #expect(LearningRate.cosine(from: 0.1, to: 0.01, over: 6)(at: 100) == 0.01)
    #expect(abs(LearningRate.oneCycle(peak: 0.5, over: 10)(at: 100) - 2e-6) < 1e-9)
  }

  @Test("It drives any optimizer")
  func drives() {
    var optimizers: [any Optimizer] = [
      GradientDescent(learningRate: 1), Momentum(learningRate: 1), RMSProp(), NAdam(),
      Adam(learningRate: 1), AdamW(learningRate: 1),
    ]
    for i in optimizers.indices {
      optimizers[i].learningRate = LearningRate.stepwise(from: 1, every: 1)(at: 1)
      #expect(optimizers[i].learningRate == 0.1)
    }
  }
}
