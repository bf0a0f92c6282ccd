import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Winograd's method through the plan, against the direct one.
@Suite struct ConvolutionMethodTests {
  /// Windows of 3 × 3 and 5 × 5 with padding on all sides or not, batches, groups, odd channels and extents.
  static let cases = [
    ConvolutionCase(from: 16, to: 16, height: 8, width: 8),
    ConvolutionCase(batch: 2, from: 17, to: 40, height: 13, width: 11),
    ConvolutionCase(from: 33, to: 20, height: 9, width: 15, pads: (0, 1, 2, 0)),
    ConvolutionCase(from: 18, to: 64, height: 7, width: 30, pads: (2, 2, 2, 2)),
    ConvolutionCase(from: 32, to: 64, height: 10, width: 12, groups: 2),
    ConvolutionCase(batch: 3, from: 12, to: 24, height: 8, width: 9, groups: 3, pads: (0, 0, 0, 0)),
    ConvolutionCase(from: 64, to: 48, height: 29, width: 31),
    ConvolutionCase(from: 5, to: 5, height: 1, width: 3),
    ConvolutionCase(from: 40, to: 36, height: 7, width: 7),
    ConvolutionCase(
      batch: 2, from: 24, to: 40, height: 14, width: 13, size: (5, 5), pads: (2, 2, 2, 2)),
    ConvolutionCase(from: 16, to: 17, height: 9, width: 12, size: (5, 5), pads: (0, 1, 2, 3)),
  ]

  /// Outputs and the gradient that `y` sends back.
  private func results(
    _ c: ConvolutionCase, _ method: ConvolutionMethod, threads: Int = 2, bias: Bool = true
  ) throws -> (input: Tensor, output: Tensor, sent: Tensor, gradient: Tensor) {
    var builder = GraphBuilder(channels: c.from)
    // A copy in front, so that the convolution reads a map of channel blocks.
    let source = builder.add("Relu", ["x"])
    _ = builder.convolution(source, (c.from, c.to), c, bias: bias)
    let network = Network(graph: builder.graph)
    let plan = try ConvolutionMethod.$chosen.withValue(method) {
      try network.plan(
        inputShape: [c.batch, c.from, c.height, c.width],
        readings: [Reading(network.graph.outputs[0])], threads: threads)
    }
    var random = SplitMix64(seed: 11)
    let x = Tensor.uniform(plan.inputShape, using: &random)
    let sent = Tensor.normal(plan.outputShapes[0], using: &random)
    return (x, try plan.forward(x)[0], sent, try plan.backward([sent]))
  }

  @Test("is the direct method but for rounding", arguments: cases)
  func parity(_ c: ConvolutionCase) throws {
    let winograd = try results(c, .winograd)
    let direct = try results(c, .direct)
    #expect(winograd.output != direct.output)
    #expect(relativeDistance(winograd.output, direct.output) < 2e-6)
    #expect(relativeDistance(winograd.gradient, direct.gradient) < 2e-6)
  }

  @Test("⟨Ax, y⟩ = ⟨x, Aᵀy⟩", arguments: cases)
  func adjoint(_ c: ConvolutionCase) throws {
    let (x, output, sent, gradient) = try results(c, .winograd, bias: false)
    let scale = (dot(x, x) * dot(gradient, gradient)).squareRoot()
    #expect(abs(dot(output, sent) - dot(x, gradient)) < 2e-6 * scale)
  }

  @Test("the same bytes for any number of threads", arguments: cases)
  func threads(_ c: ConvolutionCase) throws {
    let first = try results(c, .winograd, threads: 1)
    for threads in [2, 3, 5] {
      let other = try results(c, .winograd, threads: threads)
      #expect(other.output == first.output && other.gradient == first.gradient)
    }
  }

  @Test("is chosen where it is faster by the model")
  func choice() {
    func side(
      _ from: Int, _ to: Int, _ extent: Int, size: Int = 3, stride: Int = 1, back: Bool
    ) -> Int? {
      let window = Window(size: size, stride: stride, padBefore: 1, padAfter: 1)
      let convolution = Convolution(
        weights: Tensor([to, from, size, size]), bias: [Float](repeating: 0, count: to), groups: 1,
        vertical: window, horizontal: window)
      return ConvolutionMethod.$chosen.withValue(.automatic) {
        convolution.winogradSide(height: extent, width: extent, back: back)
      }
    }
    for back in [false, true] {
      #expect(side(64, 64, 56, back: back) == 4)
      #expect(side(512, 512, 14, back: back) == 4)
      #expect(side(16, 16, 28, back: back) == 4)
      #expect(side(512, 512, 7, back: back) == 2)
      #expect(side(32, 96, 28, size: 5, back: back) == 2)
      #expect(side(512, 512, 1, back: back) == nil)
      #expect(side(1, 1, 56, back: back) == nil)
      #expect(side(64, 64, 56, stride: 2, back: back) == nil)
      #expect(side(64, 64, 56, size: 7, back: back) == nil)
    }
  }
}
