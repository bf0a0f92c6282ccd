import Autodiff
import Graphs
import Tensors

extension ExactOperator {
  /// Operators that only move numbers.
  ///
  /// What each element of the result is a copy of is learned from the tape's own operator, which is given the elements'
  /// numbers in their place.
  static let moving: [ExactOperator] = [
    "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Expand",
    "DepthToSpace", "SpaceToDepth", "Slice", "Split", "Tile", "Gather", "GatherElements",
    "GatherND", "Trilu", "Compress", "CenterCropPad", "ReverseSequence",
  ].map { type in ExactOperator(type) { try moved($0, [0]) } }

  /// Those with several inputs, and those that leave all as it is.
  static let movingSeveral: [ExactOperator] = [
    ExactOperator("Concat") { try moved($0, Array($0.node.inputs.indices)) },
    ExactOperator("Where") { call in
      let (a, b) = (try call.input(1), try call.input(2))
      let shape = try call.input(0).shape.broadcast(with: a.shape).broadcast(with: b.shape)
      let (first, second) = (a.broadcast(to: shape), b.broadcast(to: shape))
      let condition = try call.input(0).broadcast(to: shape).scalars
      return .gathered(
        [first, second],
        condition.enumerated().map { i, holds in Int32(holds != 0 ? i : i + shape.count) },
        shape: shape)
    },
    ExactOperator("Pad") { call in
      // Up to operator set 10 the constant is an attribute, which the tape's numbers of elements are without.
      var numbered = call.node
      numbered.attributes["value"] = nil
      return try moved(call.with(numbered), [0, 2], filling: call.float("value", 0))
    },
    ExactOperator("ScatterElements", scattered), ExactOperator("ScatterND", scattered),
    ExactOperator("Scatter", scattered),
    ExactOperator("Dropout") { call in
      let x = try call.input(0)
      return call.output == 0 ? x : Exact(x.shape, x.scalars.map { _ in 1 })
    },
    ExactOperator("ai.onnx.ml.ZipMap") { try $0.input(0) },
  ]

  private static func scattered(_ call: ExactCall) throws -> Exact {
    let reduction = call.string("reduction", "none")
    if reduction == "none" { return try moved(call, [0, 2]) }
    guard reduction == "add" else { throw call.unknown("with '\(reduction)'") }
    // Where the updates go is where a gathering by the same indices would take them from.
    var gathering = call.node
    gathering.type = call.node.type == "ScatterND" ? "GatherND" : "GatherElements"
    gathering.inputs = Array(call.node.inputs.prefix(2))
    gathering.attributes["reduction"] = nil
    let (x, updates) = (try call.input(0), try call.input(2))
    let places = try places(call.with(gathering), [0]).places
    return x + updates.scatteredInRows(1, places, length: x.shape.count, shape: x.shape)
  }

  /// A result whose every element is one of those of some inputs, or the filling.
  static func moved(
    _ call: ExactCall, _ positions: [Int], filling: Double = 0
  ) throws -> Exact {
    let (sources, places, shape) = try places(call, positions)
    return .gathered(sources, places, shape: shape, filling: filling)
  }

  /// Where the elements of a result come from, among those of some inputs one behind the other; −1: from none.
  private static func places(
    _ call: ExactCall, _ positions: [Int]
  ) throws -> (sources: [Exact], places: [Int32], shape: Shape) {
    var names: [String] = []
    for name in positions.compactMap({ call.node.input($0) }) where !names.contains(name) {
      names.append(name)
    }
    let sources = names.compactMap { call.operands[$0]?.exact }
    let total = sources.reduce(0) { $0 + $1.scalars.count }
    /// What a function of the elements' numbers, from 1 on, becomes.
    func result(_ part: (Int) -> Int) throws -> Tensor {
      var start = 1
      var given: [String: Tensor] = [:]
      for (name, source) in zip(names, sources) {
        let count = source.scalars.count
        given[name] = Tensor(source.shape, (start..<start + count).map { Float(part($0)) })
        start += count
      }
      guard let tape = Operator.table[call.node.type] else { throw call.unknown("") }
      return try tape.run(call.tapeCall(given)).value
    }
    // Floats hold whole numbers up to 2²⁴; larger ones come in two parts.
    let base = 1 << 12
    guard total >= 1 << 24 else {
      let numbers = try result { $0 }
      return (sources, numbers.scalars.map { Int32($0) - 1 }, numbers.shape)
    }
    let (low, high) = (try result { $0 % base }, try result { $0 / base })
    return (
      sources, zip(low.scalars, high.scalars).map { Int32($0) + Int32($1) * Int32(base) - 1 },
      low.shape
    )
  }
}
