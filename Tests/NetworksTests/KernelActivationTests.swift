import CKernels
import Foundation
import Tensors
import Testing

@Suite("Kernels: activations")
struct KernelActivationTests {
  private static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// Each activation with its derivative, in `Double`.
  private static func definition(
    _ a: kernel_activation, _ x: Double
  ) -> (value: Double, slope: Double) {
    let (alpha, beta) = (Double(a.alpha), Double(a.beta))
    switch a.function {
    case KERNEL_SIGMOID:
      let y = logistic(x)
      return (y, y * (1 - y))
    case KERNEL_SWISH:
      let y = logistic(alpha * x)
      return (x * y, y + alpha * x * y * (1 - y))
    case KERNEL_HARD_SIGMOID:
      let y = alpha * x + beta
      return (min(1, max(0, y)), y >= 0 && y <= 1 ? alpha : 0)
    case KERNEL_HARD_SWISH:
      return (x * min(1, max(0, x / 6 + 0.5)), x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5)
    case KERNEL_LEAKY_RELU:
      return (x < 0 ? alpha * x : x, x < 0 ? alpha : 1)
    case KERNEL_GELU_TANH:
      let root = (2 / Double.pi).squareRoot()
      let bend = tanh(root * (x + 0.044715 * x * x * x))
      return (
        0.5 * x * (1 + bend),
        0.5 * (1 + bend) + 0.5 * x * (1 - bend * bend) * root * (1 + 3 * 0.044715 * x * x)
      )
    case KERNEL_MISH:
      let bend = tanh(log1p(exp(x)))
      return (x * bend, bend + x * (1 - bend * bend) * logistic(x))
    default:
      let below = 0.5 * erfc(-x / 2.0.squareRoot())
      return (x * below, below + x * exp(-x * x / 2) / (2 * .pi).squareRoot())
    }
  }

  @Test(
    "are their definitions, and the lanes without a channel stay 0",
    arguments: [
      kernel_activation(function: KERNEL_SIGMOID, alpha: 0, beta: 0),
      kernel_activation(function: KERNEL_SWISH, alpha: 1.5, beta: 0),
      kernel_activation(function: KERNEL_HARD_SIGMOID, alpha: 0.3, beta: 0.4),
      kernel_activation(function: KERNEL_HARD_SWISH, alpha: 0, beta: 0),
      kernel_activation(function: KERNEL_LEAKY_RELU, alpha: 0.1, beta: 0),
      kernel_activation(function: KERNEL_GELU, alpha: 0, beta: 0),
      kernel_activation(function: KERNEL_GELU_TANH, alpha: 0, beta: 0),
      kernel_activation(function: KERNEL_MISH, alpha: 0, beta: 0),
    ])
  func definitions(_ activation: kernel_activation) {
    var random = SplitMix64(seed: 8)
    func map() -> FeatureMap {
      FeatureMap(channels: 21, rows: 3, columns: 5, ring: 1, using: &random)
    }
    let (x, g, y, dx) = (map(), map(), map(), map())
    for c in 0..<21 { for i in 0..<15 { x[c, i / 5, i % 5] *= 7 } }
    var (activation, epilogue) = (activation, EpilogueFixture.plain)
    forEachInstructionSet { name in
      kernel_activate(&activation, x.map, y.map, &epilogue, 21, 3, 5)
      kernel_activate_backward(&activation, x.map, g.map, dx.map, &epilogue, 21, 3, 5)
      for c in 0..<32 {
        for (row, column) in (0..<15).map({ ($0 / 5, $0 % 5) }) {
          if c >= 21 {
            #expect(y[c, row, column] == 0 && dx[c, row, column] == 0, "\(name)")
            continue
          }
          let v = x[c, row, column]
          let (value, slope) = Self.definition(activation, Double(v))
          let gradient = Double(g[c, row, column])
          // The exponential and the error function are off by 2 units in the last place of at most 1.
          let tolerance = 16 * roundingError * max(1, abs(Double(v)))
          #expect(abs(Double(y[c, row, column]) - value) <= tolerance, "\(name) of \(v)")
          #expect(
            abs(Double(dx[c, row, column]) - gradient * slope) <= tolerance, "\(name) of \(v)")
          var (alone, back): (Float, Float) = (0, 0)
          kernel_activate_scalars(&activation, [v], nil, &alone, 1)
          kernel_activate_scalars(&activation, [v], [g[c, row, column]], &back, 1)
          #expect(alone == y[c, row, column] && back == dx[c, row, column], "\(name) of \(v)")
        }
      }
    }
  }
}
