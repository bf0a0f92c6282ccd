import Blocks
import Optimizers
import Tensors
import Testing

@testable import Training

@Suite("Updates in place")
struct UpdateRuleTests {
  /// The same formulas as the optimizers', with weight decay joined to the gradient.
  @Test("take the optimizers' steps", arguments: [UpdateRule.sgd, .adam])
  func steps(_ rule: UpdateRule) throws {
    let layers = try Architecture("cnn:16").layers(channels: 3, height: 4, width: 4, classes: 2)
    let parameters = try Parameters(layers)
    parameters.initialize(seed: 1)
    var updater = Updater(rule, weightDecay: 0.01, parameters: parameters)
    var momentum = Momentum(learningRate: 0.1, form: .nesterov)
    var adam = Adam(learningRate: 0.1)
    let count = parameters.trainedCount
    var expected = [Tensor([count], (0..<count).map { parameters.values.pointer[$0] })]
    let pool = ThreadPool(threads: 2)
    defer { pool.stop() }
    var random = SplitMix64(seed: 2)
    for _ in 0..<5 {
      let gradient = Tensor.normal([count], using: &random)
      var decayed = gradient
      for i in 0..<parameters.decayedCount { decayed[i] += 0.01 * expected[0][i] }
      for i in 0..<count { parameters.gradients.pointer[i] = gradient[i] }
      updater.update(parameters, rate: 0.1, pool: pool)
      if rule == .sgd {
        momentum.update(&expected, along: [decayed])
      } else {
        adam.update(&expected, along: [decayed])
      }
    }
    for i in 0..<count { #expect(parameters.values.pointer[i] == expected[0][i]) }
  }
}
