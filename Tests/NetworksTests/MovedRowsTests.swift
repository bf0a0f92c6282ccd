import Autodiff
import Tensors
import Testing
import Verification

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Rows of features that are moved in channel blocks beside the operators that graphs move them with.
@Suite struct MovedRowsTests {
  /// How rows are moved between two products.
  enum Movement: CaseIterable {
    /// Axes of extent 1 change places.
    case turned
    /// Pictures and tokens change places.
    case transposed
    /// Windows of 2×3.
    case windows
    /// Rows are shifted around both axes, then in windows.
    case shifted
    /// Some rows are left out.
    case sliced
    /// Some rows come twice.
    case repeated
    /// Channels are moved with them, so that no row is whole.
    case mixed
    /// Rows of zeros are put around.
    case padded
  }

  private struct Chain {
    var nodes: [Node] = []
    var constants: [String: Constant] = [:]
    var random: SplitMix64
    let channels: Int
    var last = "x"

    init(channels: Int, seed: UInt64) {
      (self.channels, random) = (channels, SplitMix64(seed: seed))
    }

    func graph(_ shape: Shape) -> Graph {
      Graph(
        inputs: [.init(name: "x", dimensions: shape.dimensions.map { $0 })], outputs: [last],
        nodes: nodes, constants: constants)
    }

    @discardableResult
    mutating func add(
      _ type: String, _ inputs: [String] = [], _ attributes: [String: Attribute] = [:]
    ) -> String {
      let name = "v\(nodes.count)"
      nodes.append(
        Node(
          type, name: name, inputs: [last] + inputs, outputs: [name], attributes: attributes,
          opset: 18))
      last = name
      return name
    }

    mutating func integers(_ values: [Int]) -> String {
      constants["c\(constants.count)"] = Constant(
        Tensor([values.count], values.map { Float($0) }), isInteger: true)
      return "c\(constants.count - 1)"
    }

    mutating func product() {
      constants["c\(constants.count)"] = Constant(
        .normal([channels, channels], standardDeviation: 0.3, using: &random))
      add("MatMul", ["c\(constants.count - 1)"])
    }

    mutating func reshape(_ shape: [Int]) { add("Reshape", [integers(shape)]) }

    mutating func slice(_ start: Int, _ end: Int, axis: Int) -> String {
      add("Slice", [integers([start]), integers([end]), integers([axis])])
    }

    mutating func roll(_ shift: Int, axis: Int) {
      let whole = last
      let end = slice(shift, 1000, axis: axis)
      last = whole
      let start = slice(0, shift, axis: axis)
      last = end
      add("Concat", [start], ["axis": .int(axis)])
    }
  }

  /// A product of [2, 4, 6, channels], what is moved, and another product, with a sum beside.
  private static func chain(_ movement: Movement, channels: Int) -> Chain {
    var chain = Chain(channels: channels, seed: 3)
    chain.product()
    switch movement {
    case .turned:
      chain.reshape([48, 1, channels])
      chain.add("Transpose", [], ["perm": .ints([1, 0, 2])])
    case .transposed: chain.add("Transpose", [], ["perm": .ints([2, 0, 1, 3])])
    case .windows, .shifted:
      if movement == .shifted {
        chain.add("Pad", [chain.integers([0, 0, 0, 0, 0, 0, 0, 0])])
        chain.roll(1, axis: 1)
        chain.roll(2, axis: 2)
      }
      chain.reshape([2, 2, 2, 2, 3, channels])
      chain.add("Transpose", [], ["perm": .ints([0, 1, 3, 2, 4, 5])])
      chain.reshape([8, 6, channels])
    case .sliced: _ = chain.slice(1, 3, axis: 1)
    case .repeated: chain.add("Gather", [chain.integers([3, 1, 1, 0, 3])], ["axis": .int(1)])
    case .mixed:
      chain.add("Transpose", [], ["perm": .ints([0, 1, 3, 2])])
      chain.reshape([2, 4, 6, channels])
    case .padded:
      chain.add("Pad", [chain.integers([0, 1, 0, 0, 0, 0, 1, 0])])
    }
    chain.product()
    return chain
  }

  @Test("Values and gradients are those of the single operators", arguments: Movement.allCases)
  func agrees(_ movement: Movement) throws {
    for channels in [16, 21] {
      let chain = Self.chain(movement, channels: channels)
      let shape: Shape = [2, 4, 6, channels]
      var random = SplitMix64(seed: 8)
      let x = Tensor.normal(shape, using: &random)
      let graph = chain.graph(shape)
      let (expected, pullback) = try valueWithPullback(at: x) { x in
        try #require(try graph.onTape(["x": x])[chain.last])
      }
      // The first product's gradient has two parts where somebody else reads it.
      for second in [chain.last, "v0"] {
        let plan = try Network(graph: graph).plan(
          inputShape: shape, readings: [Reading(.value(chain.last)), Reading(.value(second))],
          threads: 2)
        let values = try plan.forward(x)
        let cotangent = Tensor.normal(expected.shape, using: &random)
        let value = GoldenCase.Check("value", computed: values[0], recorded: expected)
        let gradient = GoldenCase.Check(
          "gradient", computed: try plan.backward([cotangent, nil]),
          recorded: pullback(cotangent))
        #expect(value.error < 1e-5 && gradient.error < 1e-5, "\(movement), \(channels)")
      }
    }
  }

  @Test("Whole rows stay in channel blocks, and where they stay in place nothing is done")
  func inBlocks() throws {
    let moved: [Movement: Int] = [
      .turned: 0, .transposed: 1, .windows: 1, .shifted: 1, .sliced: 1, .repeated: 1,
    ]
    for movement in Movement.allCases {
      let chain = Self.chain(movement, channels: 16)
      let graph = chain.graph([2, 4, 6, 16])
      var lowering = Lowering(graph, input: "x", shape: [2, 4, 6, 16])
      for node in chain.nodes { try lowering.lower(node) }
      let last = try lowering.materialized(chain.last).value
      var program = lowering.program
      program.prune(to: [last])
      program.moveRowsInBlocks(keeping: [last])
      let onTape = program.instructions.contains { $0.call != nil }
      let gathers = program.instructions.count {
        if case .gatherRows = $0.operation { true } else { false }
      }
      #expect(onTape == (moved[movement] == nil) && gathers == moved[movement] ?? 0, "\(movement)")
    }
  }
}
