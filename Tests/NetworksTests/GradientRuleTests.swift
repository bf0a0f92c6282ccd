import Autodiff
import Tensors
import Testing

@testable import Graphs
@testable import Networks
@testable import Plans

/// Gradient rules that are defined here, as an attribution method would.
@Suite struct GradientRuleTests {
  private static let shape: Shape = [2, 3, 12, 13]

  /// A rectifier's guided gradient, by its definition.
  static let guided = GradientRule("guided, by replacement") { site in
    guard site.node.type == "Relu" else { return nil }
    return { _, output, cotangent in
      [Tensor(output.shape, zip(output.scalars, cotangent.scalars).map { $0 > 0 ? max($1, 0) : 0 })]
    }
  }

  /// Every derivative replaced by the operator's own, on the tape.
  private static let own = GradientRule("own") { site in
    { inputs, _, cotangent in
      try valueWithPullback(at: inputs) { try site($0) }.pullback(cotangent)
    }
  }

  /// Convolutions, a residual, a gate, a concatenation, pools, a norm and a head.
  private static func mixed() -> Network {
    var b = GraphBuilder(channels: 3)
    func c(_ from: Int, _ to: Int) -> ConvolutionCase {
      ConvolutionCase(from: from, to: to, height: 0, width: 0)
    }
    let stem = b.add("Relu", [b.convolution("x", (3, 16), c(3, 16))])
    let block = b.add("Relu", [b.add("Add", [b.convolution(stem, (16, 16), c(16, 16)), stem])])
    let gate = b.add("Sigmoid", [b.add("GlobalAveragePool", [block])])
    let gated = b.add("Mul", [block, gate])
    let pooled = b.add(
      "MaxPool", [gated], ["kernel_shape": .ints([2, 2]), "strides": .ints([1, 1])])
    let other = b.add("AveragePool", [stem], ["kernel_shape": .ints([2, 2])])
    let both = b.add("Concat", [pooled, other], ["axis": .int(1)])
    let normal = b.add("LRN", [both], ["size": .int(5), "alpha": .float(0.1)])
    let scaled = b.add("Mul", [normal, b.constant([32, 1, 1])])
    let last = b.add("Relu", [b.convolution(scaled, (32, 24), c(32, 24))])
    let flat = b.add("Flatten", [b.add("GlobalAveragePool", [last])])
    _ = b.add("Gemm", [flat, b.constant([24, 5]), b.constant([5])])
    return Network(graph: b.graph)
  }

  private static func gradient(
    _ network: Network, _ rule: GradientRule, _ reading: Reading? = nil, shape: Shape = shape
  ) throws -> (values: Tensor, gradient: Tensor) {
    let plan = try network.plan(
      inputShape: shape, readings: [reading ?? Reading(network.graph.outputs[0])], rule: rule)
    var random = SplitMix64(seed: 1)
    let values = try plan.forward(.normal(shape, using: &random))[0]
    return (values, try plan.backward([.normal(values.shape, using: &random)]))
  }

  @Test("guided by replacement is the guided rule, and another than the derivative")
  func guidedByReplacement() throws {
    let network = Self.mixed()
    let (values, built) = try Self.gradient(network, .guided)
    let (same, replaced) = try Self.gradient(network, Self.guided)
    #expect(relativeDistance(values, same) < 1e-6)
    #expect(built.norm > 0)
    #expect(relativeDistance(built, replaced) < 1e-5)
    #expect(relativeDistance(built, try Self.gradient(network, .standard).gradient) > 0.1)
  }

  @Test("derivatives replaced by the operators' own change nothing, in any layer or channel")
  func ownDerivatives() throws {
    let network = Self.mixed()
    for layer in network.layers {
      for reading in [Reading(layer.name), Reading(layer.name, channels: [3, 0])] {
        let (values, standard) = try Self.gradient(network, .standard, reading)
        let (same, own) = try Self.gradient(network, Self.own, reading)
        #expect(relativeDistance(values, same) < 1e-5, "\(reading)")
        #expect(relativeDistance(standard, own) < 1e-5, "\(reading)")
      }
    }
  }

  @Test("a rule that reads no results gets none and the same gradient, and its plan holds less")
  func withoutOutputs() throws {
    let network = Self.mixed()
    func rule(_ reads: Bool) -> GradientRule {
      GradientRule("bent \(reads)", readsOutputs: reads) { site in
        guard site.node.type == "Relu" else { return nil }
        return { inputs, output, cotangent in
          #expect((output.count > 0) == reads)
          return [cotangent * (inputs[0] * 10).sigmoid()]
        }
      }
    }
    let (values, gradient) = try Self.gradient(network, rule(true))
    let (same, withoutOutputs) = try Self.gradient(network, rule(false))
    #expect(values == same && gradient == withoutOutputs && gradient.norm > 0)
    func held(_ rule: GradientRule) throws -> Int {
      let plan = try network.plan(
        inputShape: Self.shape, readings: [Reading(network.graph.outputs[0])], rule: rule)
      _ = try plan.forward(Tensor(Self.shape, repeating: 1))
      return plan.scalarsHeld
    }
    let plane = 2 * 12 * 13
    #expect(try held(rule(true)) - held(rule(false)) == 16 * plane * 2 + 24 * 2 * 11 * 12)
  }

  @Test("tensors that nobody reads any more are let go, and made again for another way back")
  func lettingGo() throws {
    var b = GraphBuilder(channels: 3)
    var value = "x"
    for _ in 0..<8 {
      value = b.add("Erf", [b.add("Transpose", [value], ["perm": .ints([0, 1, 3, 2])])])
    }
    let network = Network(graph: b.graph)
    let plan = try network.plan(inputShape: Self.shape, readings: [Reading(value)])
    var random = SplitMix64(seed: 5)
    let x = Tensor.normal(Self.shape, using: &random)
    let y = try plan.forward(x)[0]
    #expect(plan.scalarsHeld == y.count)
    let sent = Tensor.normal(y.shape, using: &random)
    let first = try plan.backward([sent])
    #expect(try plan.backward([sent]) == first && first.norm > 0)
    let one = try network.plan(
      inputShape: Self.shape, readings: [Reading(value)], differentiable: false)
    #expect(try one.forward(x)[0] == y && one.scalarsHeld == y.count)
  }

  @Test("half the identity in place of GELU's derivative is the gradient of a linear network")
  func scaledIdentity() throws {
    func network(_ type: String) -> Network {
      var b = GraphBuilder(channels: 3)
      let c = ConvolutionCase(from: 3, to: 8, height: 0, width: 0)
      let first = b.convolution("x", (3, 8), c)
      let half = b.constant([1])
      let bent = b.add(type, type == "Gelu" ? [first] : [first, half])
      _ = b.convolution(bent, (8, 4), ConvolutionCase(from: 8, to: 4, height: 0, width: 0))
      var graph = b.graph
      graph.constants[half] = Constant(Tensor([1], [0.5]))
      return Network(graph: graph)
    }
    let rule = GradientRule("half") { site in
      guard site.node.type == "Gelu" else { return nil }
      return { _, _, cotangent in [cotangent * 0.5] }
    }
    let linear = try Self.gradient(network("Mul"), .standard).gradient
    #expect(try relativeDistance(Self.gradient(network("Gelu"), rule).gradient, linear) < 1e-6)
    #expect(try relativeDistance(Self.gradient(network("Gelu"), .standard).gradient, linear) > 0.1)
  }

  @Test("DeepLift's rescale rule, on a picture and its baseline in one batch, is complete")
  func rescale() throws {
    var b = GraphBuilder(channels: 3)
    let c = ConvolutionCase(from: 3, to: 16, height: 0, width: 0, stride: (2, 2))
    let first = b.add("Relu", [b.convolution("x", (3, 16), c)])
    let second = b.add(
      "Relu",
      [b.convolution(first, (16, 24), ConvolutionCase(from: 16, to: 24, height: 0, width: 0))])
    let flat = b.add("Flatten", [b.add("GlobalAveragePool", [second])])
    _ = b.add("Gemm", [flat, b.constant([24, 5]), b.constant([5])])
    let network = Network(graph: b.graph)
    let rule = GradientRule("deep-lift") { site in
      guard site.node.type == "Relu" else { return nil }
      return { inputs, output, cotangent in
        let (x, y, half) = (inputs[0].scalars, output.scalars, output.count / 2)
        let multipliers = (0..<2 * half).map { i -> Float in
          let (here, there) = (i % half, i % half + half)
          let change = x[here] - x[there]
          return abs(change) > 1e-6 ? (y[here] - y[there]) / change : y[i] > 0 ? 1 : 0
        }
        return [cotangent * Tensor(output.shape, multipliers)]
      }
    }
    var random = SplitMix64(seed: 3)
    let pair = Tensor.normal(Self.shape, using: &random)
    let plan = try network.plan(
      inputShape: Self.shape, readings: [Reading(network.graph.outputs[0], channels: [2])],
      rule: rule)
    let values = try plan.forward(pair)[0].scalars
    let multipliers = try plan.backward([Tensor([2, 1], repeating: 1)]).scalars
    let x = pair.scalars
    let half = x.count / 2
    let sum = (0..<half).reduce(0.0) {
      $0 + Double(multipliers[$1]) * Double(x[$1] - x[$1 + half])
    }
    #expect(abs(sum - Double(values[0] - values[1])) < 1e-4 * (1 + abs(sum)))
    // The derivative alone is not complete.
    let plain = try network.plan(
      inputShape: Self.shape, readings: [Reading(network.graph.outputs[0], channels: [2])])
    _ = try plain.forward(pair)
    let slopes = try plain.backward([Tensor([2, 1], repeating: 1)]).scalars
    let other = (0..<half).reduce(0.0) { $0 + Double(slopes[$1]) * Double(x[$1] - x[$1 + half]) }
    #expect(abs(other - Double(values[0] - values[1])) > 1e-3)
  }

  @Test("a rule whose cotangents do not fit is told so; what it throws arrives")
  func mistakes() throws {
    let network = Self.mixed()
    let short = GradientRule("short") { site in
      guard site.node.type == "Add" else { return nil }
      return { _, _, cotangent in [cotangent] }
    }
    let misshapen = GradientRule("misshapen") { site in
      guard site.node.type == "Relu" else { return nil }
      return { _, _, _ in [Tensor([2])] }
    }
    let failing = GradientRule("failing") { _ in { _, _, _ in throw NetworkError.cyclic([]) } }
    #expect {
      try Self.gradient(network, short)
    } throws: {
      "\($0)".contains("the gradient rule 'short' gives 1 cotangents for 2 inputs")
    }
    #expect {
      try Self.gradient(network, misshapen)
    } throws: {
      "\($0)".contains("the gradient rule 'misshapen' gives a cotangent of")
    }
    #expect(throws: NetworkError.cyclic([])) { try Self.gradient(network, failing) }
  }

  @Test("what a plan without a rule of one's own runs is what it ran: no stage is added")
  func noCost() throws {
    let network = Self.mixed()
    func stages(_ rule: GradientRule) throws -> [String] {
      let plan = try network.plan(
        inputShape: Self.shape, readings: [Reading(network.graph.outputs[0])], rule: rule)
      return try plan.profile(Tensor(Self.shape)).map(\.name)
    }
    let standard = try stages(.standard)
    #expect(try stages(.guided) == standard)
    #expect(try stages(.deconvolution) == standard)
    #expect(try stages(GradientRule("none") { _ in nil }) == standard)
    #expect(standard.filter { $0 == "to tensor" || $0 == "mask" } == [])
  }
}
