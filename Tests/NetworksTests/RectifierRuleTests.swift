import Tensors
import Testing

@testable import Graphs
@testable import Networks
@testable import Plans

/// Rules for rectifiers reach all of them, wherever they run.
@Suite struct RectifierRuleTests {
  private static let shape: Shape = [2, 3, 8, 9]

  /// A network with rectifiers in an unusual place, named by what comes before them.
  struct Place: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// From the name of 16 channels to the name of what is read.
    let build: @Sendable (inout GraphBuilder, String) -> String

    init(_ name: String, _ build: @escaping @Sendable (inout GraphBuilder, String) -> String) {
      (testDescription, self.build) = (name, build)
    }

    func network() -> Network {
      var b = GraphBuilder(channels: 3)
      let first = b.convolution(
        "x", (3, 16), ConvolutionCase(from: 3, to: 16, height: 0, width: 0))
      let read = build(&b, first)
      // What is read gets another layer, whose weights have both signs.
      _ = b.add("Mul", [read, b.constant([1])])
      return Network(graph: b.graph)
    }
  }

  private static let places: [Place] = [
    Place("a convolution") { b, x in b.add("Relu", [x]) },
    Place("instance norm") { b, x in
      b.add("Relu", [b.add("InstanceNormalization", [x, b.constant([16]), b.constant([16])])])
    },
    Place("group norm") { b, x in
      b.add(
        "Relu",
        [
          b.add(
            "GroupNormalization", [x, b.constant([4]), b.constant([4])],
            ["num_groups": .int(4)])
        ])
    },
    Place("layer norm") { b, x in
      b.add("Relu", [b.add("LayerNormalization", [x, b.constant([9])])])
    },
    Place("tanh, then another") { b, x in
      let first = b.add("Relu", [b.add("Tanh", [x])])
      return b.add(
        "Relu",
        [b.convolution(first, (16, 8), ConvolutionCase(from: 16, to: 8, height: 0, width: 0))])
    },
    Place("softmax") { b, x in
      b.add("Relu", [b.add("Mul", [b.add("Softmax", [x]), b.constant([1, 16, 8, 9])])])
    },
    Place("an axis more") { b, x in
      b.add("Relu", [b.add("Unsqueeze", [x], ["axes": .ints([2])])])
    },
    Place("padding, clipped") { b, x in
      let padded = b.add("Pad", [x], ["pads": .ints([0, 0, 1, 1, 0, 0, 1, 1])])
      return b.add("Clip", [padded], ["min": .float(0), "max": .float(1)])
    },
    Place("a sum with a map of constants") { b, x in
      b.add("Relu", [b.add("Add", [x, b.constant([1, 16, 8, 9])])])
    },
    Place("the input, which a convolution reads too") { b, x in
      let joined = b.add("Concat", [b.add("Relu", ["x"]), x], ["axis": .int(1)])
      return b.add("Relu", [b.add("Neg", [joined])])
    },
    Place("a rectifier") { b, x in b.add("Relu", [b.add("Relu", [x])]) },
    Place("itself, twice in a concatenation") { b, x in
      let y = b.add("Relu", [x])
      return b.add("Relu", [b.add("Concat", [y, x, y], ["axis": .int(1)])])
    },
    Place("a leaky one, which is none") { b, x in b.add("Relu", [b.add("LeakyRelu", [x])]) },
    Place("a residual of several stores") { b, x in
      let y = b.add("Relu", [x])
      let z = b.convolution(y, (16, 16), ConvolutionCase(from: 16, to: 16, height: 0, width: 0))
      return b.add("Relu", [b.add("Add", [b.add("Add", [z, y]), x])])
    },
  ]

  /// The rule by its definition, which keeps every rectifier apart.
  private static func definition(_ rule: GradientRule) -> GradientRule {
    let way = rule.rectification
    return GradientRule("\(rule.name), by definition") { site in
      guard site.node.type == "Relu" || site.node.type == "Clip" else { return nil }
      let upper = site.node.type == "Clip" ? Float(1) : .infinity
      return { _, y, g in
        [
          Tensor(
            y.shape,
            zip(y.scalars, g.scalars).map { y, g in
              let passed = y > 0 && y < upper || !way.isMasked ? g : 0
              return way.isPositive ? max(passed, 0) : passed
            })
        ]
      }
    }
  }

  private static func gradient(
    _ network: Network, _ rule: GradientRule, seed: UInt64 = 2
  ) throws -> Tensor {
    let plan = try network.plan(
      inputShape: shape, readings: [Reading(network.graph.outputs[0])], rule: rule)
    var random = SplitMix64(seed: seed)
    let values = try plan.forward(.normal(shape, using: &random))[0]
    return try plan.backward([.normal(values.shape, using: &random)])
  }

  @Test(
    "after anything", arguments: places, [GradientRule.standard, .guided, .deconvolution])
  func definition(place: Place, rule: GradientRule) throws {
    let network = place.network()
    let expected = try Self.gradient(network, Self.definition(rule))
    let computed = try Self.gradient(network, rule)
    #expect(relativeDistance(computed, expected) < 1e-5)
    #expect(computed.norm > 0)
    if rule != .standard {
      #expect(relativeDistance(computed, try Self.gradient(network, .standard)) > 1e-2)
    }
  }

  /// A rectifier of some channels on the tape, of five axes, or in channel blocks.
  private static func rectified(
    _ channels: Int, onTape: Bool, low: Float, above: Bool
  ) -> Network {
    var b = GraphBuilder(channels: 3)
    let c = ConvolutionCase(from: 3, to: channels, height: 0, width: 0)
    let shift = b.constant([1])
    var y = b.add("Add", [b.convolution("x", (3, channels), c, bias: false), shift])
    if onTape { y = b.add("Unsqueeze", [y], ["axes": .ints([2])]) }
    y = b.add("Relu", [y])
    if onTape { y = b.add("Squeeze", [y], ["axes": .ints([2])]) }
    if above {
      _ = b.convolution(
        y, (channels, 4), ConvolutionCase(from: channels, to: 4, height: 0, width: 0))
    }
    var graph = b.graph
    graph.constants[shift] = Constant(Tensor([1], [low]))
    return Network(graph: graph)
  }

  @Test(
    "redirected on the tape as in channel blocks, warm and cold, read and on the way",
    arguments: [(8, Float(0)), (8, -100), (40, 0), (40, -100)], [true, false])
  func redirected(rectifier: (channels: Int, low: Float), above: Bool) throws {
    let low = rectifier.low
    func gradient(onTape: Bool, _ rule: GradientRule, _ channels: [Int]?) throws -> Tensor {
      let network = Self.rectified(
        rectifier.channels, onTape: onTape, low: low, above: above)
      let plan = try network.plan(
        inputShape: Self.shape,
        readings: [Reading(network.graph.outputs[0], channels: channels)], rule: rule)
      var random = SplitMix64(seed: 4)
      _ = try plan.forward(.normal(Self.shape, using: &random))
      return try plan.backward([Tensor(plan.outputShapes[0], repeating: -1)])
    }
    for channels in [nil, [3]] {
      let expected = try gradient(onTape: false, .redirected, channels)
      #expect(expected.norm > 0)
      #expect(
        relativeDistance(try gradient(onTape: true, .redirected, channels), expected) < 1e-5,
        "\(String(describing: channels))")
    }
    if low < 0 { #expect(try gradient(onTape: true, .standard, nil).norm == 0) }
  }
}
