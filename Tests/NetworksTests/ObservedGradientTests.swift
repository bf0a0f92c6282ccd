import Tensors
import Testing

@testable import Graphs
@testable import Networks
@testable import Plans

/// What is observed stays on the way to what is read, however little of that is read.
@Suite struct ObservedGradientTests {
  private static let shape: Shape = [2, 3, 6, 7]

  /// The gradient of the first reading's sum that is observed at a layer.
  private static func observed(
    _ layer: String, _ network: Network, _ readings: [Reading], shape: Shape = shape
  ) throws -> Tensor? {
    let plan = try network.plan(inputShape: shape, readings: readings, observing: [.layer(layer)])
    var random = SplitMix64(seed: 7)
    _ = try plan.forward(.normal(shape, using: &random))
    _ = try plan.backward(
      plan.outputShapes.enumerated().map { $0 == 0 ? Tensor($1, repeating: 1) : nil })
    return plan.observedGradient(0)
  }

  /// A convolution, and what is made of it without another: `c`, `bn`, `cat`, `relu`, `mean`.
  private static func network() -> (Network, layers: [String]) {
    var b = GraphBuilder(channels: 3)
    let c = ConvolutionCase(from: 3, to: 32, height: 0, width: 0)
    let conv = b.convolution("x", (3, 32), c)
    let scaled = b.add("Mul", [conv, b.constant([32, 1, 1])])
    let cat = b.add("Concat", [scaled, conv], ["axis": .int(1)])
    let relu = b.add("Relu", [cat])
    let pool = b.add(
      "MaxPool", [relu], ["kernel_shape": .ints([2, 2]), "strides": .ints([1, 1])])
    let mean = b.add("Flatten", [b.add("GlobalAveragePool", [pool])])
    _ = b.add("Identity", [mean])
    return (Network(graph: b.graph), [conv, scaled, cat, relu, pool, mean])
  }

  @Test("one channel's gradient at every layer before is that of all channels with one seed")
  func narrowed() throws {
    let (network, layers) = Self.network()
    for channel in [5, 40] {
      let whole = try network.plan(
        inputShape: Self.shape, readings: [Reading(network.graph.outputs[0])],
        observing: layers.map { .layer($0) })
      var random = SplitMix64(seed: 7)
      _ = try whole.forward(.normal(Self.shape, using: &random))
      let seed = Tensor(
        [2, 64], (0..<128).map { $0 % 64 == channel ? Float(1) : 0 })
      _ = try whole.backward([seed])
      for (index, layer) in layers.enumerated() {
        let expected = try #require(whole.observedGradient(index))
        let reading = Reading(network.graph.outputs[0], channels: [channel])
        if channel == 40, index == 1 {
          // The second half of the concatenation does not go through this layer.
          #expect(try expected.norm == 0 && Self.observed(layer, network, [reading]) == nil)
          continue
        }
        #expect(expected.norm > 0)
        let alone = try #require(try Self.observed(layer, network, [reading]))
        #expect(alone.shape == expected.shape)
        #expect(relativeDistance(alone, expected) < 1e-6, "\(layer), alone")
        let beside = try #require(
          try Self.observed(
            layer, network, [reading, Reading(layer), Reading(layer, channels: [1])]
          ))
        #expect(relativeDistance(beside, expected) < 1e-6, "\(layer), beside others")
      }
    }
  }

  @Test("gradients that are handed on are those that are kept otherwise, and are not kept")
  func handedOn() throws {
    let (network, layers) = Self.network()
    let observed = layers + [layers[0]]
    func plan() throws -> Plan {
      let plan = try network.plan(
        inputShape: Self.shape, readings: [Reading(network.graph.outputs[0])],
        observing: observed.map { .layer($0) })
      var random = SplitMix64(seed: 7)
      _ = try plan.forward(.normal(Self.shape, using: &random))
      return plan
    }
    let seed = Tensor([2, 64], (0..<128).map(Float.init))
    let kept = try plan()
    _ = try kept.backward([seed])
    let other = try plan()
    var handed: [Int: Tensor] = [:]
    try other.backward([seed]) { handed[$0] = $1 }
    for index in observed.indices {
      #expect(handed[index] == kept.observedGradient(index) && handed[index]?.norm ?? 0 > 0)
    }
    #expect(other.observedGradient(0) == nil)
    // What was kept of the way back before is let go.
    try kept.backward([seed]) { #expect(handed[$0] == $1) }
    #expect(kept.observedGradient(0) == nil)
    #expect(throws: NetworkError.cyclic([])) {
      try other.backward([seed]) { _, _ in throw NetworkError.cyclic([]) }
    }
    _ = try other.backward([seed])
    #expect(other.observedGradient(0) == handed[0])
  }

  @Test("the layer that is read, some channels of it")
  func read() throws {
    let (network, layers) = Self.network()
    for layer in layers {
      let gradient = try #require(
        try Self.observed(layer, network, [Reading(layer, channels: [3])]))
      let plane = gradient.count / 2 / gradient.shape[1]
      let expected = gradient.scalars.indices.map { i -> Float in
        i / plane % gradient.shape[1] == 3 ? 1 : 0
      }
      #expect(gradient.scalars == expected, "\(layer)")
    }
  }

  @Test("two readings of one layer, by other channels, bring both gradients")
  func readTwice() throws {
    let (network, layers) = Self.network()
    let plan = try network.plan(
      inputShape: Self.shape,
      readings: [Reading(layers[3], channels: [1]), Reading(layers[3], channels: [1, 40])],
      observing: [.layer(layers[0])])
    var random = SplitMix64(seed: 7)
    _ = try plan.forward(.normal(Self.shape, using: &random))
    let gradient = try plan.backward(plan.outputShapes.map { Tensor($0, repeating: 1) })
    let both = try #require(plan.observedGradient(0))
    var sum = Tensor(both.shape)
    var inputs = Tensor(Self.shape)
    for channels in [[1], [1, 40]] {
      sum += try #require(
        try Self.observed(layers[0], network, [Reading(layers[3], channels: channels)]))
      let alone = try network.plan(
        inputShape: Self.shape, readings: [Reading(layers[3], channels: channels)])
      var random = SplitMix64(seed: 7)
      _ = try alone.forward(.normal(Self.shape, using: &random))
      inputs += try alone.backward([Tensor(alone.outputShapes[0], repeating: 1)])
    }
    #expect(relativeDistance(both, sum) < 1e-6)
    #expect(relativeDistance(gradient, inputs) < 1e-5)
  }

  @Test("the input, as the network reads it")
  func input() throws {
    var b = GraphBuilder(channels: 3)
    let c = ConvolutionCase(from: 3, to: 8, height: 0, width: 0)
    let same = b.add("Identity", ["x"])
    let y = b.convolution(same, (3, 8), c)
    _ = b.add("Concat", [y, b.add("Relu", [same])], ["axis": .int(1)])
    let network = Network(graph: b.graph)
    let preprocessing = Preprocessing(
      color: .bgr, rangeUpper: 255, mean: [1, 2, 3], standardDeviation: [4, 5, 6])
    let plan = try network.plan(
      inputShape: Self.shape, readings: [Reading(network.graph.outputs[0])],
      feed: .picture(preprocessing), observing: [.layer(same)])
    var random = SplitMix64(seed: 8)
    _ = try plan.forward(.normal(Self.shape, using: &random))
    let gradient = try plan.backward([Tensor(plan.outputShapes[0], repeating: 1)]).scalars
    let raw = try #require(plan.observedGradient(0)).scalars
    let plane = 42
    let expected = gradient.indices.map { i in
      let (image, channel) = (i / (3 * plane), i / plane % 3)
      return raw[(image * 3 + 2 - channel) * plane + i % plane] * 255
        / preprocessing.standardDeviation[2 - channel]
    }
    #expect(
      relativeDistance(Tensor(Self.shape, gradient), Tensor(Self.shape, expected)) < 1e-6)
    #expect(Tensor(Self.shape, raw).norm > 0)
  }

  @Test("the input as a reading beside what a convolution makes of it")
  func inputRead() throws {
    var b = GraphBuilder(channels: 3)
    let same = b.add("Identity", ["x"])
    let y = b.convolution(same, (3, 8), ConvolutionCase(from: 3, to: 8, height: 0, width: 0))
    let network = Network(graph: b.graph)
    var random = SplitMix64(seed: 9)
    let x = Tensor.normal(Self.shape, using: &random)
    let alone = try network.plan(inputShape: Self.shape, readings: [Reading(y)])
    let seed = Tensor.normal(alone.outputShapes[0], using: &random)
    _ = try alone.forward(x)
    let expected = try alone.backward([seed]) + x
    let both = try network.plan(inputShape: Self.shape, readings: [Reading(y), Reading(same)])
    #expect(try both.forward(x)[1] == x)
    #expect(relativeDistance(try both.backward([seed, x]), expected) < 1e-6)
  }

  @Test("rows of features, which the next layer reads in channel blocks")
  func rows() throws {
    var b = GraphBuilder(channels: 3)
    let tokens = b.add(
      "Transpose", [b.add("Reshape", ["x"], ["shape": .ints([0, 3, -1])])],
      ["perm": .ints([0, 2, 1])])
    let first = b.add("MatMul", [tokens, b.constant([3, 5])])
    let bent = b.add("Relu", [first])
    _ = b.add("MatMul", [bent, b.constant([5, 4])])
    let network = Network(graph: b.graph)
    let weights = try #require(network.graph.constants["constant1"]).tensor
    let plan = try network.plan(
      inputShape: Self.shape, readings: [Reading(bent), Reading(network.graph.outputs[0])],
      observing: [first, bent, tokens].map { .layer($0) })
    var random = SplitMix64(seed: 7)
    let value = try plan.forward(.normal(Self.shape, using: &random))[0]
    _ = try plan.backward([nil, Tensor([2, 42, 4], repeating: 1)])
    let sums = weights.sum(alongAxes: [1]).scalars
    let atBent = try #require(plan.observedGradient(1))
    #expect(atBent.shape == [2, 42, 5])
    let expected = Tensor([2, 42, 5], (0..<420).map { sums[$0 % 5] })
    #expect(relativeDistance(atBent, expected) < 1e-6)
    let masked = Tensor([2, 42, 5], zip(expected.scalars, value.scalars).map { $1 > 0 ? $0 : 0 })
    #expect(relativeDistance(try #require(plan.observedGradient(0)), masked) < 1e-6)
    #expect(try #require(plan.observedGradient(2)).norm > 0)
  }

  @Test("a layer that nothing read depends on has no gradient")
  func unconnected() throws {
    let (network, layers) = Self.network()
    #expect(try Self.observed(layers[4], network, [Reading(layers[0])]) == nil)
    let gradient = try Self.observed(layers[0], network, [Reading(layers[0]), Reading(layers[4])])
    #expect(gradient == Tensor([2, 32, 6, 7], repeating: 1))
  }
}
