import Synchronization
import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Weights that are packed at every use, and weights that plans share.
@Suite struct PackingTests {
  /// Windows with so many weights that they are packed in use, 1×1 and 3×3 with strides: odd channels, batches,
  /// single pixels.
  static let cases =
    [
      ConvolutionCase(from: 256, to: 256, height: 7, width: 7),
      ConvolutionCase(batch: 2, from: 301, to: 250, height: 5, width: 6),
      ConvolutionCase(from: 250, to: 301, height: 1, width: 1),
      ConvolutionCase(batch: 3, from: 64, to: 1030, height: 1, width: 1),
      ConvolutionCase(from: 1030, to: 65, height: 9, width: 8),
      ConvolutionCase(batch: 2, from: 260, to: 272, height: 8, width: 7, stride: (2, 2)),
    ].map { c in
      var c = c
      (c.size, c.pads) = ((1, 1), (0, 0, 0, 0))
      return c
    } + [
      ConvolutionCase(from: 70, to: 130, height: 9, width: 8, stride: (2, 2)),
      ConvolutionCase(batch: 2, from: 130, to: 57, height: 8, width: 7, stride: (1, 2)),
    ]

  /// A convolution of each kind that packs the weights as the file has them; groups and transposed ones cut them up first.
  static let kinds = [
    ConvolutionCase(from: 32, to: 48, height: 9, width: 9),
    ConvolutionCase(from: 32, to: 48, height: 9, width: 9, stride: (2, 2)),
    ConvolutionCase(from: 33, to: 47, height: 9, width: 8, dilation: 2, pads: (2, 2, 2, 2)),
    ConvolutionCase(
      from: 20, to: 30, height: 9, width: 7, size: (1, 1), pads: (0, 0, 0, 0)),
    ConvolutionCase(
      from: 20, to: 30, height: 9, width: 7, size: (1, 1), stride: (2, 2), pads: (0, 0, 0, 0)),
  ]

  private func network(_ c: ConvolutionCase, transposed: Bool = false) -> Network {
    var builder = GraphBuilder(channels: c.from)
    let source = builder.add("Relu", ["x"])
    if transposed {
      let weights = builder.constant(
        [c.from, c.to / c.groups, c.size.height, c.size.width], standardDeviation: 0.1)
      _ = builder.add(
        "ConvTranspose", [source, weights],
        [
          "kernel_shape": .ints([c.size.height, c.size.width]), "group": .int(c.groups),
          "strides": .ints([c.stride.y, c.stride.x]), "dilations": .ints([c.dilation, c.dilation]),
          "pads": .ints([c.pads.top, c.pads.left, c.pads.bottom, c.pads.right]),
        ])
    } else {
      _ = builder.convolution(source, (c.from, c.to), c)
    }
    return Network(graph: builder.graph)
  }

  private func plan(
    _ network: Network, _ c: ConvolutionCase, inUse: Bool, threads: Int = 2
  ) throws -> Plan {
    try network.plan(
      inputShape: [c.batch, c.from, c.height, c.width],
      readings: [Reading(network.graph.outputs[0])], packsInUse: inUse, threads: threads)
  }

  private func results(_ plan: Plan) throws -> [Tensor] {
    var random = SplitMix64(seed: 11)
    let x = Tensor.uniform(plan.inputShape, using: &random)
    let sent = Tensor.normal(plan.outputShapes[0], using: &random)
    return [try plan.forward(x)[0], try plan.backward([sent])]
  }

  @Test("packed in use, the bits are the same, for any number of threads", arguments: cases)
  func inUse(_ c: ConvolutionCase) throws {
    let network = network(c)
    let ahead = try results(plan(network, c, inUse: false))
    for threads in [1, 2, 5] {
      #expect(try results(plan(network, c, inUse: true, threads: threads)) == ahead)
    }
  }

  @Test(
    "a plan that runs once yields the same bits", arguments: cases + kinds + ConvolutionCase.all,
    [false, true])
  func onlyOnce(_ c: ConvolutionCase, transposed: Bool) throws {
    let network = network(c, transposed: transposed)
    let usual = try plan(network, c, inUse: false)
    var random = SplitMix64(seed: 11)
    let x = Tensor.uniform(usual.inputShape, using: &random)
    for threads in [1, 2] {
      let once = try network.plan(
        inputShape: x.shape, readings: [Reading(network.graph.outputs[0])], differentiable: false,
        runsOnce: true, threads: threads)
      #expect(try once.forward(x) == usual.forward(x))
    }
  }

  @Test(
    "a plan that runs once has packed nothing before it runs, and holds nothing after that",
    arguments: kinds)
  func packedInTurn(_ c: ConvolutionCase) throws {
    let network = network(c)
    let owners = Set(network.graph.constants.values.map(\.tensor.owner))
    func arePacked() -> Bool {
      PackedWeights.known.withLock { known in
        known.contains { owners.contains($0.key.source) && $0.value.weights != nil }
      }
    }
    let shape: Shape = [c.batch, c.from, c.height, c.width]
    for runsOnce in [true, false] {
      let plan = try network.plan(
        inputShape: shape, readings: [Reading(network.graph.outputs[0])], differentiable: false,
        runsOnce: runsOnce, threads: 2)
      #expect(arePacked() == !runsOnce)
      _ = try plan.forward(Tensor(shape))
      withExtendedLifetime(plan) { #expect(arePacked() == !runsOnce) }
    }
  }

  @Test func aPlanThatRunsOnceRunsNoSecondTime() async {
    await #expect(processExitsWith: .failure) {
      let network = PackingTests().network(ConvolutionCase(from: 4, to: 4, height: 5, width: 5))
      let plan = try network.plan(
        inputShape: [1, 4, 5, 5], readings: [Reading(network.graph.outputs[0])],
        differentiable: false, runsOnce: true)
      for _ in 0..<2 { _ = try plan.forward(Tensor([1, 4, 5, 5])) }
    }
  }

  @Test("a plan whose weights were changed does not read those of a plan that lives")
  func changedWeights() throws {
    let c = Self.cases[1]
    var network = network(c)
    let first = try plan(network, c, inUse: false)
    let before = try results(first)
    // The graph is the tensors' only owner but for what the plan holds.
    for name in network.graph.constants.keys {
      network.graph.constants[name]?.tensor.withUnsafeMutableBufferPointer { weights in
        for i in weights.indices { weights[i] *= 2 }
      }
    }
    let after = try results(plan(network, c, inUse: false))
    #expect(try results(first) == before)
    #expect(after == before.map { $0 * 2 })
  }

  @Test("plans share packed weights while one of them lives")
  func sharing() throws {
    let weights = Tensor([32, 16, 1, 1], repeating: 1)
    let key = PackedWeights.Key(
      source: weights.owner, shape: weights.shape, taps: [0], group: 0, groups: 1, lanes: 16,
      channelsPerLane: 1, back: false, side: nil)
    var made = 0
    func packed() -> PackedWeights {
      PackedWeights.packed(key, of: weights) {
        made += 1
        return FloatBuffer(count: 512)
      }
    }
    var one: PackedWeights? = packed()
    withExtendedLifetime(one) { #expect(packed() === one && made == 1) }
    one = nil
    _ = packed()
    #expect(made == 2)
  }
}
