import Autodiff
import Tensors
import Testing

/// A function of some arguments, to be differentiated once and twice.
struct PrimitiveCase: CustomTestStringConvertible, Sendable {
  let name: String
  let shapes: [Shape]
  let range: ClosedRange<Float>
  let function: @Sendable ([Variable]) -> Variable
  var testDescription: String { name }

  init(
    _ name: String, _ shapes: [Shape], in range: ClosedRange<Float> = -1...1,
    _ function: @escaping @Sendable ([Variable]) -> Variable
  ) {
    (self.name, self.shapes, self.range, self.function) = (name, shapes, range, function)
  }

  func arguments(seed: UInt64) -> [Tensor] {
    var random = SplitMix64(seed: seed)
    return shapes.map { Tensor.uniform($0, in: range, using: &random) }
  }

  static let smooth: [PrimitiveCase] = [
    .init("add", [[2, 3], [3]]) { $0[0] + $0[1] },
    .init("add scalars", [[2, 3]]) { 2 + ($0[0] + 1) },
    .init("subtract", [[2, 1], [2, 3]]) { $0[0] - $0[1] },
    .init("subtract scalars", [[2, 3]]) { 2 - ($0[0] - 1) },
    .init("negate", [[4]]) { -$0[0] },
    .init("multiply", [[2, 1, 3], [4, 1]]) { $0[0] * $0[1] },
    .init("multiply by itself", [[3]]) { $0[0] * $0[0] },
    .init("multiply by scalars", [[3]]) { 2 * ($0[0] * 3) },
    .init("divide", [[2, 3], [3]], in: 1...2) { $0[0] / $0[1] },
    .init("divide scalars", [[3]], in: 1...2) { 2 / ($0[0] / 3) },
    .init("exp", [[5]]) { exp($0[0]) },
    .init("log", [[5]], in: 2...3) { log($0[0]) },
    .init("tanh", [[5]]) { tanh($0[0]) },
    .init("sigmoid", [[5]]) { sigmoid($0[0] * 2) },
    .init("square", [[5]]) { square($0[0]) },
    .init("sqrt", [[5]], in: 2...3) { sqrt($0[0]) },
    .init("pow", [[5]], in: 2...3) { pow($0[0], 1.5) },
    .init("pow of variables", [[2, 3], [3]], in: 2...3) { pow($0[0], $0[1]) },
    .init("sin", [[5]]) { sin($0[0]) },
    .init("cos", [[5]]) { cos($0[0]) },
    .init("sum", [[2, 3, 4]]) { $0[0].sum() },
    .init("sum over axes", [[2, 3, 4]]) { square($0[0]).sum(alongAxes: [0, -1]) },
    .init("mean over axes", [[2, 3, 4]]) { square($0[0]).mean(alongAxes: [1], keepingAxes: true) },
    .init("reshape", [[2, 6]]) { exp($0[0].reshaped(to: [3, 4])) },
    .init("transpose", [[2, 3, 4]]) { square($0[0].transposed([2, 0, 1])) },
    .init("broadcast", [[3, 1]]) { square($0[0].broadcast(to: [2, 3, 4])) },
    .init("slice", [[4, 5]]) { square($0[0].sliced([1..<3, 0..<4])) },
    .init("pad", [[2, 3]]) { exp($0[0].padded(before: [1, 0], after: [0, 2], with: 0.5)) },
    .init("reflect", [[2, 4]]) {
      square($0[0].reflectionPadded(alongAxis: 1, before: 3, after: 2))
    },
    .init("gather", [[2, 4]]) { square($0[0].gathered([3, 0, 3], alongAxis: -1)) },
    .init("scatter", [[2, 3]]) { square($0[0].scattered([3, 0, 3], alongAxis: -1, extent: 5)) },
    .init("concatenate", [[2, 3], [2, 1]]) { square(concatenate($0, alongAxis: 1)) },
    .init("matmul", [[2, 3, 4], [4, 5]]) { matmul($0[0], $0[1]) },
    .init("matmul, turned", [[2, 4, 3], [2, 4, 5]]) { matmul(turned: $0[0], $0[1]) },
    .init("matmul, turned, stretched", [[4, 3], [2, 4, 5]]) { matmul(turned: $0[0], $0[1]) },
    .init("dot", [[6], [6]]) { dot($0[0], $0[1]) },
    .init("norm", [[6]], in: 1...2) { norm($0[0]) },
    .init("logSumExp", [[3, 4]]) { ($0[0] * 3).logSumExp(alongAxis: 0) },
    .init("softmax", [[3, 4]]) { $0[0].softmax() },
    .init("rfft2", [[2, 6, 5]]) { square($0[0].rfft2()) },
    .init("irfft2", [[2, 5, 4, 2]]) { square($0[0].irfft2(width: 6)) },
    .init("irfft2, odd", [[2, 5, 4, 2]]) { square($0[0].irfft2(width: 7, interiorWeight: 0.7)) },
    .init("rfft2, scaled", [[2, 6, 5]]) {
      square($0[0].rfft2(scale: Tensor([6, 3, 2], (1...36).map { Float($0) / 20 })))
    },
    .init("irfft2, scaled", [[2, 5, 4, 2]]) {
      square($0[0].irfft2(width: 6, scale: Tensor([5, 4, 2], (1...40).map { Float($0) / 20 })))
    },
    .init("resample", [[1, 3, 6, 5]]) {
      square(
        $0[0].resampled(
          .about(centreOf: (6, 5), and: (7, 4), degrees: 20, scale: 1.2), height: 7, width: 4,
          surroundings: .constant(0.5)))
    },
    .init("spread", [[1, 3, 7, 4]]) {
      square(
        $0[0].spread(
          .about(centreOf: (6, 5), and: (7, 4), degrees: 20, scale: 1.2), height: 6, width: 5))
    },
    .init("resize", [[2, 5, 6]]) { square($0[0].resized(height: 7, width: 4)) },
    .init("fan-out and fan-in", [[4], [4]]) { x in
      let shared = sigmoid(x[0] * x[1])
      return shared * exp(shared) + square(shared) - shared * x[0]
    },
  ]

  /// Functions with kinks, at arguments that finite differences do not carry across one.
  static let kinked: [PrimitiveCase] = [
    .init("relu", [[4]]) { relu(square($0[0]) + 3) + relu(-3 - square($0[0])) },
    .init("abs", [[4]]) { abs(-3 - square($0[0])) },
    .init("clamp", [[4]]) { (square($0[0]) + 3).clamped(to: 1...99) },
    .init("max", [[4], [4]]) { max(square($0[0]), exp($0[1]) + 5) },
    .init("maximum", [[2, 3]]) {
      ($0[0] * 0.1 + Variable(Tensor([2, 3], [5, 0, 0, 0, 3, 0]))).maximum(alongAxes: [1])
    },
  ]
}

@Suite struct PrimitiveTests {
  @Test("gradient against finite differences", arguments: PrimitiveCase.smooth)
  func gradient(_ c: PrimitiveCase) {
    for seed in 1...3 as ClosedRange<UInt64> {
      let check = checkGradient(at: c.arguments(seed: seed), seed: seed, of: c.function)
      #expect(check.relativeError <= 1e-3, "\(check)")
    }
  }

  @Test("gradient where there are kinks", arguments: PrimitiveCase.kinked)
  func kinks(_ c: PrimitiveCase) {
    let arguments = c.arguments(seed: 7).map { $0 * 0.1 }
    #expect(checkGradient(at: arguments, of: c.function).relativeError <= 1e-3)
  }

  @Test("gradient of a gradient against finite differences", arguments: PrimitiveCase.smooth)
  func secondOrder(_ c: PrimitiveCase) {
    let check = checkGradient(at: c.arguments(seed: 4)) { x in
      // Through an exponential, so that linear functions have a second derivative too.
      let gradients = Autodiff.gradient(at: x) { exp(0.3 * c.function($0)).mean() }
      return concatenate(gradients.map { $0.reshaped(to: [$0.shape.count]) })
    }
    #expect(check.relativeError <= 2e-3, "\(check)")
  }

  @Test("Subgradients are PyTorch's")
  func subgradients() {
    let zero = Tensor([1], [0])
    #expect(Autodiff.gradient(at: zero) { relu($0).sum() }.scalars == [0])
    #expect(Autodiff.gradient(at: zero) { abs($0).sum() }.scalars == [0])
    #expect(Autodiff.gradient(at: zero) { $0.clamped(to: 0...1).sum() }.scalars == [1])
    let ties = Tensor([3], [1, 1, 0])
    #expect(Autodiff.gradient(at: ties) { $0.maximum() }.scalars == [0.5, 0.5, 0])
  }
}
