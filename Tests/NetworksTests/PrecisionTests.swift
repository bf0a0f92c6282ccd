import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Convolutions in bfloat16, against floats that are rounded beforehand.
@Suite(.enabled(if: Precision.bfloat16.isSupported, "this processor does not multiply bfloat16"))
struct PrecisionTests {
  static let cases =
    ConvolutionCase.all + [
      ConvolutionCase(batch: 2, from: 17, to: 40, height: 13, width: 11),
      ConvolutionCase(batch: 3, from: 31, to: 50, height: 9, width: 14, stride: (2, 2)),
      ConvolutionCase(
        from: 96, to: 72, height: 1, width: 61, size: (1, 1), pads: (0, 0, 0, 0)),
    ]

  /// The output, and the gradient of what goes in, of a convolution between maps of channel blocks.
  private func results(
    _ c: ConvolutionCase, _ precision: Precision, rounded: Bool = false, threads: Int = 2
  ) throws -> [Tensor] {
    var builder = GraphBuilder(channels: c.from)
    let source = builder.add("LeakyRelu", ["x"], ["alpha": .float(0.5)])
    _ = builder.convolution(source, (c.from, c.to), c, bias: true)
    var graph = builder.graph
    if rounded {
      for (name, constant) in graph.constants where constant.shape.rank == 4 {
        graph.constants[name] = Constant(constant.tensor.inBfloat16, of: .float)
      }
    }
    let plan = try ConvolutionMethod.$chosen.withValue(.direct) {
      try Network(graph: graph).computing(in: precision).plan(
        inputShape: [c.batch, c.from, c.height, c.width],
        readings: [Reading(graph.outputs[0])], threads: threads)
    }
    var random = SplitMix64(seed: 11)
    // Halving what is below 0 keeps what is rounded so.
    let x = Tensor.normal(plan.inputShape, using: &random)
    let sent = Tensor.normal(plan.outputShapes[0], using: &random)
    let output = try plan.forward(rounded ? x.inBfloat16 : x)[0]
    let gradient = try plan.backward([rounded ? sent.inBfloat16 : sent])
    return [output, gradient]
  }

  @Test(
    "an activation that is stored with a convolution is what it is by itself",
    arguments: ["Swish", "Gelu"])
  func activation(type: String) throws {
    var builder = GraphBuilder(channels: 20)
    let source = builder.add("LeakyRelu", ["x"], ["alpha": .float(0.5)])
    let convolved = builder.convolution(
      source, (20, 40), ConvolutionCase(from: 20, to: 40, height: 0, width: 0))
    let bent = builder.add(type, [convolved])
    let network = Network(graph: builder.graph).computing(in: .bfloat16)
    var random = SplitMix64(seed: 12)
    let x = Tensor.normal([2, 20, 7, 9], using: &random)
    let sent = Tensor.normal([2, 40, 7, 9], using: &random)
    // What is read itself is not stored with what follows it.
    let results = try [[bent], [bent, convolved]].map { values in
      let plan = try network.plan(inputShape: x.shape, readings: values.map { Reading($0) })
      let output = try plan.forward(x)[0]
      let gradient = try plan.backward(
        [sent] + values.dropFirst().map { _ in Tensor(sent.shape) })
      return (output, gradient)
    }
    #expect(relativeDistance(results[0].0, results[1].0) < 1e-6)
    // The gradient that the convolution takes back may be rounded to the other neighbour where it lies between two.
    #expect(relativeDistance(results[0].1, results[1].1) < 1e-3)
  }

  @Test("factors are rounded, and nothing else", arguments: cases)
  func parity(_ c: ConvolutionCase) throws {
    let halves = try results(c, .bfloat16)
    // Depthwise convolutions stay in floats.
    let isFloat = c.groups > 1 && c.from == c.groups && c.to == c.groups
    let truth = try results(c, .float32, rounded: !isFloat)
    let plain = try results(c, .float32)
    for (i, half) in halves.enumerated() {
      // Sums of the same products in another order.
      #expect(relativeDistance(half, truth[i]) < 2e-6)
      // Two factors, each wrong by up to 2⁻⁹.
      #expect(relativeDistance(half, plain[i]) < 4e-3)
      if !isFloat, c.from > 1 { #expect(relativeDistance(half, plain[i]) > 1e-5) }
    }
  }

  @Test("the same bytes for any number of threads", arguments: cases)
  func threads(_ c: ConvolutionCase) throws {
    let first = try results(c, .bfloat16, threads: 1)
    for threads in [2, 3] { #expect(try results(c, .bfloat16, threads: threads) == first) }
  }

  @Test("where Winograd's method is faster still, it is taken, in floats")
  func winograd() {
    func choice(_ channels: Int, _ extent: Int, size: Int) -> Bool {
      let window = Window(size: size, stride: 1, padBefore: size / 2, padAfter: size / 2)
      let map = Blocks.FeatureMap(batch: 1, channels: channels, height: extent, width: extent)
      return ConvolutionMethod.$chosen.withValue(.automatic) {
        Convolution(
          weights: Tensor([channels, channels, size, size]),
          bias: [Float](repeating: 0, count: channels), groups: 1, vertical: window,
          horizontal: window
        ).isForBfloat16(from: map, to: map, back: false)
      }
    }
    #expect(!choice(64, 56, size: 3))
    #expect(!choice(256, 14, size: 3))
    #expect(choice(512, 7, size: 3))
    #expect(choice(64, 56, size: 1))
    #expect(choice(64, 56, size: 7))
  }
}

extension Tensor {
  /// Every number rounded to the nearest of 8 bits, ties to even.
  fileprivate var inBfloat16: Tensor {
    Tensor(
      shape,
      scalars.map { x in
        let bits = x.bitPattern
        return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
      })
  }
}
