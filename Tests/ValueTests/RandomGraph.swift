import Autodiff
import Graphs
import Tensors

/// A graph of random operators over random layouts and shapes, with an input to run it at.
///
/// A graph holds one pair of operators for certain, one behind the other; numbers that count up go through all
/// pairs. What stands around them is drawn from the seed: chains, sums, concatenations, blocks.
struct RandomGraph: CustomStringConvertible {
  /// A value of the graph.
  struct Value {
    let name: String
    let shape: Shape
  }

  /// Adds to the graph what an operator makes of a value.
  struct Builder: Sendable {
    /// The operator, or what it is part of.
    let name: String
    /// Returns the result's name; nil where the operator does not fit the value.
    let build: @Sendable (inout RandomGraph, Value) -> String?

    init(_ name: String, _ build: @escaping @Sendable (inout RandomGraph, Value) -> String?) {
      (self.name, self.build) = (name, build)
    }
  }

  /// Larger tensors are not made: they take too long, and show no more.
  private let mostScalars: Int

  /// The graph; nothing in it is recognized, folded or turned.
  private(set) var graph = Graph(inputs: [], outputs: [], nodes: [])
  /// What number made it.
  let number: Int
  /// The input, as the graph has it.
  let input: Tensor
  /// The values so far, the input first.
  private(set) var values: [Value] = []
  private var tensors: [String: Tensor] = [:]
  /// What depends on shapes alone.
  private var fixed = Set<String>()
  /// Whether everything is drawn from these builders alone.
  private let builders: [Builder]
  var random: SplitMix64

  /// Makes the graph of a number.
  ///
  /// - Parameters:
  ///   - number: Counts the pairs of operators; all that is random follows from it as well.
  ///   - builders: The operators.
  ///   - limit: The most scalars that a tensor may have, the input among them; usually only what operators
  ///     make is limited, to 4,000.
  init(number: Int, builders: [Builder] = Self.builders, upTo limit: Int? = nil) {
    self.number = number
    mostScalars = limit ?? 4_000
    self.builders = builders
    random = SplitMix64(seed: UInt64(number) &* 0x9E37_79B9 &+ 1)
    var (shape, declared) = Self.inputShape(&random)
    while let limit, shape.count > limit { (shape, declared) = Self.inputShape(&random) }
    input = .normal(shape, using: &random)
    graph.inputs = [.init(name: "x", dimensions: declared)]
    values = [Value(name: "x", shape: shape)]
    tensors = ["x": input]
    if declared.last == 3 { _ = transposed(values[0], [0, 3, 1, 2]) }
    for _ in 0..<integer(0...2) { addAny() }
    addPair(
      builders[number % builders.count],
      builders[number / builders.count % builders.count])
    for _ in 0..<integer(0...4) { addAny() }
    graph.outputs = [last.name]
  }

  /// Maps N×C×H×W most of all, with up to 49 channels; pictures N×H×W×3, tokens N×T×C, lists, volumes.
  private static func inputShape(
    _ random: inout SplitMix64
  ) -> (shape: Shape, declared: [Int?]) {
    func extent(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let (batch, channels, side) = (extent(0...3) == 0 ? 2 : 1, extent(1...49), extent(1...9))
    switch extent(0...15) {
    case 0: return ([batch, channels], [nil, channels])
    case 1, 2: return ([batch, extent(1...9), channels], [nil, nil, channels])
    case 3: return ([batch, channels, extent(1...4), side, 3 + extent(1...4)], [])
    case 4, 5:
      let height = 3 + side
      return ([batch, height, extent(4...9), 3], [nil, height, nil, 3])
    case 6, 7, 8: return ([batch, 3, 2 + side, extent(3...9)], [nil, 3, nil, nil])
    default: return ([batch, channels, side, extent(1...9)], [nil, channels, nil, nil])
    }
  }

  /// The value that comes last.
  var last: Value { values[values.count - 1] }

  var description: String {
    let nodes = graph.nodes.map { node in
      let attributes = node.attributes.keys.sorted().map {
        "\($0) \(node.attributes[$0].map { "\($0)" } ?? "")"
      }
      let inputs = node.inputs.map { name in
        name + (graph.constants[name].map { " \($0.tensor.shape)" } ?? "")
      }
      let shape = tensors[node.outputs[0]].map { "\($0.shape)" } ?? "?"
      return "\(node.outputs.joined(separator: ", ")) = \(node.type)("
        + "\((inputs + attributes).joined(separator: ", "))) \(shape)"
    }
    return "graph \(number), x \(input.shape): " + nodes.joined(separator: "; ")
  }

  // MARK: Growth

  /// A value: the last most of all.
  mutating func value() -> Value {
    integer(0...9) < 6 ? last : values[integer(0...(values.count - 1))]
  }

  private mutating func addAny() {
    for _ in 0..<8 where builders[integer(0...(builders.count - 1))].build(&self, value()) != nil {
      return
    }
  }

  /// Puts one operator behind another; where they do not fit, behind what makes them fit.
  private mutating func addPair(_ first: Builder, _ second: Builder) {
    for _ in 0..<6 {
      let source = value()
      if let middle = first.build(&self, source),
        let value = values.first(where: { $0.name == middle })
      {
        if second.build(&self, value) != nil { return }
      }
      addAny()
    }
  }

  /// Adds a node.
  ///
  /// - Returns: The name of its first output; nil where it cannot be run, or makes numbers beyond measure.
  mutating func add(
    _ type: String, _ inputs: [String], _ attributes: [String: Attribute] = [:], opset: Int = 18,
    outputs: Int = 1
  ) -> String? {
    let names = (0..<outputs).map { "v\(tensors.count + $0)" }
    let node = Node(
      type, name: names[0], inputs: inputs, outputs: names, attributes: attributes, opset: opset)
    let call = TapeCall(node: node, constants: graph.constants)
    let known = call.variableNames.compactMap { tensors[$0] }
    guard let run = Operator.table[type]?.run, known.count == call.variableNames.count else {
      return nil
    }
    var made: [Tensor] = []
    for output in names.indices {
      guard let result = try? run(call.with(output: output).with(known.map { Variable($0) })).value,
        result.isModerate, (1...mostScalars).contains(result.count)
      else { return nil }
      made.append(result)
    }
    graph.nodes.append(node)
    for (name, tensor) in zip(names, made) {
      tensors[name] = tensor
      if type == "Shape" || call.variableNames.allSatisfy(fixed.contains) {
        fixed.insert(name)
      } else {
        values.append(Value(name: name, shape: tensor.shape))
      }
    }
    return names[0]
  }

  /// The value of a name.
  func value(named name: String?) -> Value? { values.first { $0.name == name } }

  /// Another value that fits; the value itself or what a rectifier makes of it, where there is none.
  mutating func other(than value: Value, _ fits: (Shape) -> Bool) -> String {
    let fitting = values.filter { fits($0.shape) }
    return fitting.randomElement(using: &random)?.name ?? value.name
  }

  // MARK: Draws

  mutating func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  mutating func fraction(_ range: ClosedRange<Float>) -> Float {
    Float.random(in: range, using: &random)
  }

  mutating func flip() -> Bool { Bool.random(using: &random) }

  /// An axis that is not the batch; nil where there is none.
  mutating func axis(_ shape: Shape) -> Int? {
    shape.rank < 2 ? nil : integer(1...(shape.rank - 1))
  }

  // MARK: Constants

  /// A constant whose scalars lie in a range, or are standard normal.
  mutating func constant(_ shape: Shape, in range: ClosedRange<Float>? = nil) -> String {
    stored(
      Constant(
        range.map { .uniform(shape, in: $0, using: &random) } ?? .normal(shape, using: &random)))
  }

  mutating func scalar(_ value: Float) -> String { stored(Constant(Tensor(value))) }

  mutating func floats(_ values: [Float]) -> String {
    stored(Constant(Tensor([values.count], values)))
  }

  mutating func integers(_ values: [Int]) -> String {
    stored(Constant(Tensor([values.count], values.map(Float.init)), isInteger: true))
  }

  /// Ones and zeros.
  mutating func mask(_ shape: Shape) -> String {
    let coins = Tensor.uniform(shape, using: &random).map { $0 < 0.5 ? 0 : 1 }
    return stored(Constant(coins, of: .bool))
  }

  /// Weights that leave the variance about what it is.
  mutating func weights(_ shape: Shape, inputs: Int) -> String {
    stored(
      Constant(
        .normal(shape, standardDeviation: 1 / Float(max(1, inputs)).squareRoot(), using: &random)))
  }

  private mutating func stored(_ constant: Constant) -> String {
    let name = "c\(graph.constants.count)"
    graph.constants[name] = constant
    return name
  }
}

extension Tensor {
  /// Whether numbers are finite, and of a size that keeps single precision's rounding small.
  fileprivate var isModerate: Bool { isFinite && scalars.allSatisfy { abs($0) < 100 } }
}
