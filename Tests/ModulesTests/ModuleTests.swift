import Autodiff
import Modules
import Tensors
import Testing

/// A module and the same function written for the tape: inputs first, then weights.
struct ModuleCase: CustomTestStringConvertible, Sendable {
  let name: String
  let module: any Module
  let inputs: [Shape]
  let traced: @Sendable (_ inputs: [Variable], _ weights: [Variable]) -> Variable
  var testDescription: String { name }

  init(
    _ name: String, _ module: any Module, _ inputs: [Shape],
    _ traced: @escaping @Sendable ([Variable], [Variable]) -> Variable
  ) {
    (self.name, self.module, self.inputs, self.traced) = (name, module, inputs, traced)
  }

  /// Weights that are no zeros and ones.
  func moduleAndInputs() -> (any Module, [Tensor]) {
    var random = SplitMix64(seed: 3)
    var module = module
    module.weights = module.weights.map { $0 + Tensor.normal($0.shape, using: &random) * 0.3 }
    return (module, inputs.map { Tensor.normal($0, using: &random) })
  }

  static let pointwise: [ModuleCase] = [
    .init("identity", Pointwise(.identity, biases: 3), [[4, 3]]) { $0[0] + $1[0] },
    .init("tanh", Pointwise(.tanh, biases: 3), [[4, 3]]) { tanh($0[0] + $1[0]) },
    .init("tanh without a bias", Pointwise(.tanh), [[4, 3]]) { x, _ in tanh(x[0]) },
    .init("ReLU", Pointwise(.relu, biases: 3), [[2, 3, 2, 2]]) {
      relu($0[0] + $1[0].reshaped(to: [3, 1, 1]))
    },
    .init("sigmoid", Pointwise(.sigmoid, biases: 3), [[4, 3]]) { sigmoid($0[0] + $1[0]) },
    .init("softplus", Pointwise(.softplus, biases: 3), [[4, 3]]) { log(1 + exp($0[0] + $1[0])) },
    .init("dropout of none", Dropout(rate: 0), [[4, 3]]) { x, _ in 1 * x[0] },
    .init("flatten", Flatten(), [[2, 3, 2, 2]]) { x, _ in x[0].reshaped(to: [2, 12]) },
    .init("add", Add(), [[4, 3], [4, 3]]) { x, _ in x[0] + x[1] },
    .init("multiply", Multiply(), [[4, 3], [4, 3]]) { x, _ in x[0] * x[1] },
  ]

  static let layers: [ModuleCase] = [
    .init("linear", Linear(Tensor([2, 3])), [[4, 3]]) { matmul($0[0], $1[0].transposed([1, 0])) },
    .init("convolution", Convolution(Tensor([4, 3, 3, 2])), [[2, 3, 5, 6]]) {
      convolve($0[0], $1[0], stride: 1, padding: 0)
    },
    .init(
      "convolution, stride 2, padding 1",
      Convolution(Tensor([4, 3, 3, 3]), stride: 2, padding: 1), [[2, 3, 6, 5]]
    ) { convolve($0[0], $1[0], stride: 2, padding: 1) },
    .init("max pooling", Pooling(.maximum, size: 2), [[2, 3, 4, 5]]) { x, _ in
      windows(of: x[0], size: 2, stride: 2).maximum(alongAxes: [0]).reshaped(to: [2, 3, 2, 2])
    },
    .init("average pooling, overlapping", Pooling(.average, size: 3, stride: 1), [[2, 3, 4, 5]]) {
      x, _ in windows(of: x[0], size: 3, stride: 1).mean(alongAxes: [0])
    },
    .init("batch norm", BatchNorm(channels: 3), [[5, 3]]) { x, w in
      let centred = x[0] - x[0].mean(alongAxes: [0])
      let deviation = sqrt(square(centred).mean(alongAxes: [0]) + 1e-5)
      return centred / deviation * w[0] + w[1]
    },
    .init("Euclidean cost", EuclideanCost(), [[4, 3], [4, 3]]) { x, _ in
      0.5 * square(x[0] - x[1]).sum()
    },
    .init("cross-entropy", CrossEntropy(), [[4, 3], [4, 3]]) { x, _ in
      -dot(x[1], x[0].logSoftmax())
    },
    .init("L2", L2Cost(decay: 0.3), [[4, 3]]) { x, _ in 0.15 * square(x[0]).sum() },
  ]

  static let all = pointwise + layers
}

@Suite struct ModuleTests {
  @Test("Forward, to the inputs, to the weights: as the tape has it", arguments: ModuleCase.all)
  func tape(_ c: ModuleCase) {
    var (module, inputs) = c.moduleAndInputs()
    let weights = module.weights
    let (value, pullback) = valueWithPullback(at: inputs + weights) { v in
      c.traced(Array(v[..<inputs.count]), Array(v[inputs.count...]))
    }
    let output = module.forward(inputs, training: true)
    #expect(output.shape == value.shape && distance(output, value) < 1e-5)
    var random = SplitMix64(seed: 4)
    let upstream = Tensor.normal(output.shape, using: &random)
    let found = module.backpropToInputs(upstream) + module.backpropToWeights(upstream)
    let expected = pullback(upstream)
    #expect(found.map(\.shape) == expected.map(\.shape))
    for (a, b) in zip(found, expected) { #expect(distance(a, b) < 2e-5) }
  }

  @Test("Gradients against finite differences", arguments: ModuleCase.all)
  func differences(_ c: ModuleCase) {
    let (module, inputs) = c.moduleAndInputs()
    // The module as one operation of the tape, which the checker takes apart.
    let check = checkGradient(at: inputs + module.weights, forward: false) { v in
      var module = module
      module.weights = v[inputs.count...].map(\.value)
      let output = module.forward(v[..<inputs.count].map(\.value), training: true)
      return Variable(output, operation: c.name, inputs: v) { g in
        (module.backpropToInputs(g.value) + module.backpropToWeights(g.value)).map { Variable($0) }
      }
    }
    #expect(check.passes, "\(check)")
  }
}

/// The largest difference of two tensors' elements.
func distance(_ a: Tensor, _ b: Tensor) -> Float { (a - b).absolute().maximum }

/// The convolution as a sum over the kernel's places, for the tape.
private func convolve(_ x: Variable, _ w: Variable, stride: Int, padding: Int) -> Variable {
  let x = x.padded(before: [0, 0, padding, padding], after: [0, 0, padding, padding])
  let (rows, columns) = (w.shape[2], w.shape[3])
  let (height, width) = ((x.shape[2] - rows) / stride + 1, (x.shape[3] - columns) / stride + 1)
  var result = Variable(0)
  for i in 0..<rows * columns {
    let (ky, kx) = (i / columns, i % columns)
    let part =
      x
      .gathered((0..<height).map { $0 * stride + ky }, alongAxis: 2)
      .gathered((0..<width).map { $0 * stride + kx }, alongAxis: 3)
      .reshaped(to: [x.shape[0], x.shape[1], height * width])
    let kernel = w.sliced([0..<w.shape[0], 0..<w.shape[1], ky..<ky + 1, kx..<kx + 1])
    result = result + matmul(kernel.reshaped(to: [w.shape[0], w.shape[1]]), part)
  }
  return result.reshaped(to: [x.shape[0], w.shape[0], height, width])
}

/// The windows of feature maps along a new first axis, for the tape.
private func windows(of x: Variable, size: Int, stride: Int) -> Variable {
  let (height, width) = ((x.shape[2] - size) / stride + 1, (x.shape[3] - size) / stride + 1)
  let parts = (0..<size * size).map { i in
    x.gathered((0..<height).map { $0 * stride + i / size }, alongAxis: 2)
      .gathered((0..<width).map { $0 * stride + i % size }, alongAxis: 3)
      .reshaped(to: [1, x.shape[0], x.shape[1], height, width])
  }
  return concatenate(parts)
}
