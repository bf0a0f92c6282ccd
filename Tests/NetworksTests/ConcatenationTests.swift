import Tensors
import Testing

@testable import Graphs
@testable import Networks
@testable import Plans

/// Concatenations that name a value in more than one place, and gradients that others share with them.
@Suite struct ConcatenationTests {
  private static let shape: Shape = [2, 3, 6, 7]

  private static func network(
    _ build: (inout GraphBuilder, _ a: String, _ b: String) -> String
  ) -> Network {
    var builder = GraphBuilder(channels: 3)
    let c = ConvolutionCase(from: 3, to: 16, height: 0, width: 0)
    let a = builder.add("Relu", [builder.convolution("x", (3, 16), c)])
    let b = builder.convolution("x", (3, 16), c)
    _ = build(&builder, a, b)
    return Network(graph: builder.graph)
  }

  /// Values, and the gradient of their product with `weights`, of a layer.
  private static func run(
    _ network: Network, _ layer: String, _ weights: Tensor? = nil
  ) throws -> (values: Tensor, gradient: Tensor) {
    let plan = try network.plan(inputShape: shape, readings: [Reading(layer)])
    var random = SplitMix64(seed: 5)
    let values = try plan.forward(.normal(shape, using: &random))[0]
    return (values, try plan.backward([weights ?? Tensor(values.shape, repeating: 1)]))
  }

  private static func concatenation(
    _ builder: inout GraphBuilder, _ parts: [String]
  ) -> String {
    builder.add("Concat", parts, ["axis": .int(1)])
  }

  /// Compares a concatenation with its parts, each computed alone.
  private static func check(_ network: Network, _ parts: [String]) throws {
    let whole = network.graph.outputs[0]
    let values = try run(network, whole).values
    var random = SplitMix64(seed: 6)
    let weights = Tensor.normal(values.shape, using: &random)
    var gradient = Tensor(shape)
    var first = 0
    for part in parts {
      let count = try run(network, part).values.shape[1]
      let range = first..<first + count
      let all: [Range<Int>] = [0..<shape[0], range, 0..<shape[2], 0..<shape[3]]
      let alone = try run(network, part, weights.sliced(all))
      #expect(relativeDistance(values.sliced(all), alone.values) < 1e-6, "\(range)")
      gradient += alone.gradient
      first += count
    }
    #expect(first == values.shape[1])
    #expect(relativeDistance(try run(network, whole, weights).gradient, gradient) < 1e-5)
  }

  @Test(
    "one value in several places", arguments: [["a", "a"], ["a", "b", "a"], ["b", "b", "b"]])
  func twice(parts: [String]) throws {
    var names: [String] = []
    let network = Self.network { builder, a, b in
      names = parts.map { $0 == "a" ? a : b }
      return Self.concatenation(&builder, names)
    }
    try Self.check(network, names)
  }

  @Test("a concatenation in a concatenation, with a part that both name")
  func nested() throws {
    for order in [[0, 1], [1, 0]] {
      var names: [String] = []
      let network = Self.network { builder, a, b in
        let inner = Self.concatenation(&builder, [a, b])
        names = order.map { [inner, a][$0] }
        return Self.concatenation(&builder, names)
      }
      try Self.check(network, names)
    }
  }

  @Test("the input as a part, and twice")
  func ofInput() throws {
    var part = ""
    let network = Self.network { builder, a, _ in
      part = a
      return Self.concatenation(&builder, [a, "x", "x"])
    }
    let values = try Self.run(network, network.graph.outputs[0]).values
    var random = SplitMix64(seed: 5)
    let x = Tensor.normal(Self.shape, using: &random)
    let alone = try Self.run(network, part)
    let others: [Range<Int>] = [0..<2, 16..<19, 0..<6, 0..<7]
    #expect(values.sliced(others) == x)
    let gradient = try Self.run(network, network.graph.outputs[0]).gradient
    #expect(relativeDistance(gradient, alone.gradient + 2) < 1e-6)
  }

  @Test("a part read for itself too, and a whole that is a result beside what is made of it")
  func partAsResult() throws {
    var names: [String] = []
    let network = Self.network { builder, a, b in
      let both = Self.concatenation(&builder, [a, b])
      names = [a, both, builder.add("Relu", [both])]
      return names[2]
    }
    let together = try network.plan(inputShape: Self.shape, readings: names.map { Reading($0) })
    var random = SplitMix64(seed: 5)
    let values = try together.forward(.normal(Self.shape, using: &random))
    let gradient = try together.backward(values.map { Tensor($0.shape, repeating: 1) })
    var sum = Tensor(Self.shape)
    for (name, value) in zip(names, values) {
      let alone = try Self.run(network, name)
      #expect(relativeDistance(value, alone.values) < 1e-6)
      sum += alone.gradient
    }
    #expect(relativeDistance(gradient, sum) < 1e-5)
  }

  @Test("a rectifier in a concatenation leaves the gradient that a summand shares with it alone")
  func sharedGradient() throws {
    // The pool comes first and so goes back last, when the part's rectifier has masked its gradient.
    var builder = GraphBuilder(channels: 3)
    let c = ConvolutionCase(from: 3, to: 32, height: 0, width: 0)
    let pooled = builder.add(
      "MaxPool", [builder.convolution("x", (3, 32), c)],
      ["kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1])])
    let half = ConvolutionCase(from: 3, to: 16, height: 0, width: 0)
    let a = builder.add("Relu", [builder.convolution("x", (3, 16), half)])
    let both = Self.concatenation(&builder, [a, builder.convolution("x", (3, 16), half)])
    _ = builder.add("Add", [pooled, both])
    let network = Network(graph: builder.graph)
    let (values, gradient) = try Self.run(network, network.graph.outputs[0])
    let (first, second) = (try Self.run(network, pooled), try Self.run(network, both))
    #expect(relativeDistance(values, first.values + second.values) < 1e-6)
    #expect(relativeDistance(gradient, first.gradient + second.gradient) < 1e-5)
  }

  @Test("a dense block, whose layers read all that was made before them, copies nothing")
  func denseBlock() throws {
    var builder = GraphBuilder(channels: 3)
    func convolution(_ input: String, _ from: Int, _ to: Int) -> String {
      builder.convolution(
        input, (from, to), ConvolutionCase(from: from, to: to, height: 0, width: 0))
    }
    var parts = [convolution("x", 3, 32)]
    for layer in 0..<4 {
      let channels = 32 + 16 * layer
      let whole = layer > 0 ? Self.concatenation(&builder, parts) : parts[0]
      let scaled = builder.add("Mul", [whole, builder.constant([channels, 1, 1])])
      parts.append(convolution(builder.add("Relu", [scaled]), channels, 16))
    }
    _ = Self.concatenation(&builder, parts)
    let network = Network(graph: builder.graph)
    let plan = try network.plan(
      inputShape: Self.shape, readings: [Reading(network.graph.outputs[0])])
    let stages = try plan.profile(Tensor(Self.shape, repeating: 1)).map(\.name)
    #expect(stages.count { $0.hasPrefix("conv") } == 10)
    #expect(stages.allSatisfy { !["concatenate", "split", "add"].contains($0) }, "\(stages)")
  }
}
