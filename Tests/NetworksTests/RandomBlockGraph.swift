import Autodiff
import Tensors

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// A few operators that have kernels on channel blocks, one after the other, with random shapes and settings.
struct RandomBlockGraph: CustomStringConvertible {
  private(set) var graph: Graph
  let inputShape: Shape
  /// The values so far, the input first, with their shapes.
  private(set) var values: [(name: String, shape: Shape)]
  var random: SplitMix64

  /// Chains an operator with up to two others around it.
  ///
  /// - Parameters:
  ///   - type: The operator; it fits some shape that a few tries reach.
  ///   - others: Those that may stand around it.
  ///   - seed: Of everything that is random.
  ///
  /// It is `nil` where the operator does not fit what this seed puts before it.
  init?(around type: String, others: [String], seed: UInt64) {
    random = SplitMix64(seed: seed)
    func extent(_ range: ClosedRange<Int>, _ random: inout SplitMix64) -> Int {
      Int.random(in: range, using: &random)
    }
    let (batch, channels) = (extent(1...2, &random), extent(1...49, &random))
    let shape: Shape
    switch extent(0...6, &random) {
    case 0: shape = [batch, channels]
    case 1: shape = [batch, extent(1...9, &random), channels]
    default: shape = [batch, channels, extent(1...9, &random), extent(1...9, &random)]
    }
    inputShape = shape
    // A last extent of 1 or 3 would say that channels come last.
    let open = shape.dimensions.indices.map { $0 == 1 ? shape[1] : nil }
    graph = Graph(inputs: [.init(name: "x", dimensions: open)], outputs: [], nodes: [])
    values = [("x", inputShape)]
    let before = Int.random(in: 0...2, using: &random)
    for _ in 0..<before { addAny(of: others) }
    // Rows of features are in channel blocks where a product has made them.
    if type == "LayerNormalization", flip() { _ = add("MatMul") }
    guard add(type) else { return nil }
    for _ in 0..<Int.random(in: 0...(2 - before), using: &random) { addAny(of: others) }
  }

  /// The last value, which the next operator reads.
  var last: (name: String, shape: Shape) { values[values.count - 1] }

  var description: String {
    let nodes = graph.nodes.enumerated().map { index, node in
      let attributes = node.attributes.keys.sorted().map {
        "\($0) \(node.attributes[$0].map { "\($0)" } ?? "")"
      }
      let inputs = node.inputs.map { name in
        name + (graph.constants[name].map { " \($0.tensor.shape)" } ?? "")
      }
      return "\(node.type)(\((inputs + attributes).joined(separator: ", "))) "
        + "→ \(values[index + 1].shape)"
    }
    return "x \(inputShape): " + nodes.joined(separator: "; ")
  }

  private mutating func addAny(of types: [String]) {
    for _ in 0..<8 { if add(types.randomElement(using: &random) ?? "Relu") { return } }
  }

  /// Adds an operator to the last value.
  ///
  /// - Returns: Whether it fits, by what the tape says of it.
  private mutating func add(_ type: String) -> Bool {
    guard last.shape.rank > 0, let build = Self.builders[type], var node = build(&self)
    else { return false }
    node.outputs = ["v\(values.count)"]
    let call = TapeCall(node: node, constants: graph.constants)
    let zeros = call.variableNames.compactMap { name in values.first { $0.name == name }?.shape }
      .map { Variable(Tensor($0)) }
    guard let shape = try? Operator.table[type]?.run(call.with(zeros)).shape, shape.count < 20_000
    else { return false }
    graph.nodes.append(node)
    graph.outputs = node.outputs
    values.append((node.outputs[0], shape))
    return true
  }

  // MARK: For the builders

  func node(
    _ type: String, _ inputs: [String?] = [], _ attributes: [String: Attribute] = [:],
    opset: Int = 18
  ) -> Node {
    Node(
      type, inputs: [last.name] + inputs.map { $0 ?? "" }, outputs: [], attributes: attributes,
      opset: opset)
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  mutating func fraction(_ range: ClosedRange<Float>) -> Float {
    Float.random(in: range, using: &random)
  }

  mutating func flip() -> Bool { Bool.random(using: &random) }

  /// A constant whose scalars lie in a range, or are standard normal.
  mutating func constant(_ shape: Shape, in range: ClosedRange<Float>? = nil) -> String {
    let name = "c\(graph.constants.count)"
    graph.constants[name] = Constant(
      range.map { .uniform(shape, in: $0, using: &random) } ?? .normal(shape, using: &random))
    return name
  }

  mutating func integers(_ values: [Int]) -> String {
    let name = "c\(graph.constants.count)"
    graph.constants[name] = Constant(
      Tensor([values.count], values.map(Float.init)), isInteger: true)
    return name
  }

  /// Weights that leave the variance about what it is.
  mutating func weights(_ shape: Shape, inputs: Int) -> String {
    let name = "c\(graph.constants.count)"
    graph.constants[name] = Constant(
      .normal(shape, standardDeviation: 1 / Float(inputs).squareRoot(), using: &random))
    return name
  }
}
