import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Convolutions through the plan, against the definition in Double and against their adjoint.
@Suite struct ConvolutionPlanTests {
  private func network(_ c: ConvolutionCase, bias: Bool) -> Network {
    var builder = GraphBuilder(channels: c.from)
    _ = builder.convolution("x", (c.from, c.to), c, bias: bias)
    return Network(graph: builder.graph)
  }

  private func plan(_ network: Network, _ c: ConvolutionCase, threads: Int = 2) throws -> Plan {
    try network.plan(
      inputShape: [c.batch, c.from, c.height, c.width],
      readings: [Reading(network.graph.outputs[0])], threads: threads)
  }

  @Test("the definition", arguments: ConvolutionCase.all)
  func definition(_ c: ConvolutionCase) throws {
    let network = network(c, bias: true)
    let plan = try plan(network, c)
    var random = SplitMix64(seed: 7)
    let x = Tensor.normal(plan.inputShape, using: &random)
    let y = try plan.forward(x)[0]
    let constants = network.graph.nodes[0].inputs.compactMap { network.graph.constants[$0]?.tensor }
    let expected = Self.convolve(x, constants[0], constants[1].scalars, c, y.shape)
    // Sums of up to a few hundred products in Float: rounding errors of some 1e-6 of their norm.
    #expect(relativeDistance(y, expected) < 3e-6)
  }

  @Test("⟨Ax, y⟩ = ⟨x, Aᵀy⟩", arguments: ConvolutionCase.all)
  func adjoint(_ c: ConvolutionCase) throws {
    let plan = try plan(network(c, bias: false), c)
    var random = SplitMix64(seed: 8)
    let x = Tensor.normal(plan.inputShape, using: &random)
    let y = Tensor.normal(plan.outputShapes[0], using: &random)
    let forward = try plan.forward(x)[0]
    let back = try plan.backward([y])
    let scale = (dot(x, x) * dot(back, back)).squareRoot() + 1e-9
    #expect(abs(dot(forward, y) - dot(x, back)) < 1e-5 * scale)
  }

  @Test("the same bytes for any number of threads", arguments: ConvolutionCase.all)
  func threads(_ c: ConvolutionCase) throws {
    let network = network(c, bias: true)
    var random = SplitMix64(seed: 9)
    let x = Tensor.normal([c.batch, c.from, c.height, c.width], using: &random)
    let results = try [1, 2, 3].map { threads -> (Tensor, Tensor) in
      let plan = try plan(network, c, threads: threads)
      let y = try plan.forward(x)[0]
      return (y, try plan.backward([y]))
    }
    for result in results.dropFirst() { #expect(result == results[0]) }
  }

  private static func convolve(
    _ x: Tensor, _ w: Tensor, _ bias: [Float], _ c: ConvolutionCase, _ shape: Shape
  ) -> Tensor {
    let (xs, ws) = (x.scalars, w.scalars)
    let inputs = c.from / c.groups
    var result: [Float] = []
    for image in 0..<shape[0] {
      for channel in 0..<c.to {
        let group = channel / (c.to / c.groups)
        for row in 0..<shape[2] {
          for column in 0..<shape[3] {
            var sum = Double(bias[channel])
            for i in 0..<inputs {
              for ky in 0..<c.size.height {
                for kx in 0..<c.size.width {
                  let y = row * c.stride.y - c.pads.top + ky * c.dilation
                  let x = column * c.stride.x - c.pads.left + kx * c.dilation
                  guard (0..<c.height).contains(y), (0..<c.width).contains(x) else { continue }
                  let from = ((image * c.from + group * inputs + i) * c.height + y) * c.width + x
                  let tap = ((channel * inputs + i) * c.size.height + ky) * c.size.width + kx
                  sum += Double(xs[from]) * Double(ws[tap])
                }
              }
            }
            result.append(Float(sum))
          }
        }
      }
    }
    return Tensor(shape, result)
  }
}

func dot(_ a: Tensor, _ b: Tensor) -> Double {
  zip(a.scalars, b.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

func relativeDistance(_ a: Tensor, _ b: Tensor) -> Double {
  let difference = zip(a.scalars, b.scalars).map { Double($0) - Double($1) }
  return (difference.reduce(0) { $0 + $1 * $1 } / max(dot(b, b), 1e-30)).squareRoot()
}
