import Optimizers
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ten steps of PyTorch 2.15 from (1, −2, ½, 3) down `Σ cᵢ xᵢ² + sin xᵢ`, c = (½, 1, 2, 0.01).
struct OptimizerCase: CustomTestStringConvertible {
  let name: String
  let optimizer: any Optimizer
  let expected: [Float]
  var testDescription: String { name }

  static let all = [
    OptimizerCase(
      name: "SGD(lr=.1)", optimizer: GradientDescent(learningRate: 0.1),
      expected: [-0.241731063, -0.523910642, -0.239191696, 3.86503768]),
    OptimizerCase(
      name: "SGD(lr=.05, momentum=.9)", optimizer: Momentum(learningRate: 0.05, form: .sum),
      expected: [-1.34587812, 0.555706799, -0.174685955, 4.70623779]),
    OptimizerCase(
      name: "the same, as a running mean", optimizer: Momentum(learningRate: 0.5),
      expected: [-1.34587812, 0.555706799, -0.174685955, 4.70623779]),
    OptimizerCase(
      name: "SGD(lr=.05, momentum=.9, nesterov=True)",
      optimizer: Momentum(learningRate: 0.05, form: .nesterov),
      expected: [-1.24380803, 0.0217326898, -0.18974632, 4.77304316]),
    OptimizerCase(
      name: "RMSprop(lr=.01)", optimizer: RMSProp(),
      expected: [0.503119111, -1.52971375, 0.0684829205, 3.50165629]),
    OptimizerCase(
      name: "Adam(lr=.05)", optimizer: Adam(learningRate: 0.05),
      expected: [0.501521766, -1.50715041, 0.0177364685, 3.49949145]),
    OptimizerCase(
      name: "AdamW(lr=.05, weight_decay=.1)",
      optimizer: AdamW(learningRate: 0.05, weightDecay: 0.1),
      expected: [0.463925153, -1.42218196, 0.00525676087, 3.34221625]),
    OptimizerCase(
      name: "NAdam(lr=.05)", optimizer: NAdam(learningRate: 0.05),
      expected: [0.600570738, -1.61514401, 0.134735152, 3.40278864]),
    OptimizerCase(
      name: "RMSprop(lr=.02, alpha=.9, eps=1e-3)",
      optimizer: RMSProp(learningRate: 0.02, decay: 0.9, epsilon: 1e-3),
      expected: [0.657116197, -1.66818367, 0.183365914, 3.34536625]),
    OptimizerCase(
      name: "Adam(lr=.1, betas=(.8, .99), eps=1e-3)",
      optimizer: Adam(learningRate: 0.1, meanDecay: 0.8, squareDecay: 0.99, epsilon: 1e-3),
      expected: [0.020443536, -1.06383361, -0.315326352, 3.98064155]),
    OptimizerCase(
      name: "NAdam(lr=.1, betas=(.8, .99))",
      optimizer: NAdam(learningRate: 0.1, meanDecay: 0.8, squareDecay: 0.99),
      expected: [0.120861211, -1.19292317, -0.171545512, 3.88228483]),
  ]
}

@Suite struct OptimizerTests {
  @Test("Ten steps as PyTorch's", arguments: OptimizerCase.all)
  func trajectory(_ c: OptimizerCase) {
    var optimizer = c.optimizer
    var x = Tensor([4], [1, -2, 0.5, 3])
    for _ in 0..<10 { optimizer.update(&x, along: gradient(x)) }
    #expect((x - Tensor([4], c.expected)).absolute().maximum <= 2e-6)
  }

  @Test("Several parameters move as they would alone", arguments: OptimizerCase.all)
  func severalParameters(_ c: OptimizerCase) {
    var (together, alone) = (c.optimizer, c.optimizer)
    var pair = [Tensor([4], [1, -2, 0.5, 3]), Tensor([4], [2, 1, 0, -1])]
    var single = pair[1]
    for _ in 0..<5 {
      together.update(&pair, along: pair.map(gradient))
      alone.update(&single, along: gradient(single))
    }
    #expect(pair[1] == single)
  }

  @Test("An update leaves copies of the parameter alone")
  func copies() {
    var x = Tensor([4], [1, 2, 3, 4])
    let before = x
    var optimizer = Adam(learningRate: 0.1)
    optimizer.update(&x, along: x)
    #expect(before.scalars == [1, 2, 3, 4] && x != before)
  }

  @Test("Gradients that do not fit trap")
  func mismatch() async {
    await #expect(processExitsWith: .failure) {
      var optimizer = Adam(learningRate: 0.1)
      var x = Tensor([4])
      optimizer.update(&x, along: Tensor([3]))
    }
  }

  private func gradient(_ x: Tensor) -> Tensor {
    let c = Tensor([4], [0.5, 1, 2, 0.01])
    return 2 * c * x + x.cosine()
  }
}
