import Blocks
import Graphs
import Memory
public import Plans
public import Tensors

extension Network {
  /// What there is to know of a layer before it runs.
  public struct LayerSummary: Sendable {
    /// The layer.
    public let layer: Layer
    /// The shape of its output; `nil` where it cannot be run here.
    public let shape: Shape?
    /// How its output is laid out, where it has channels.
    public let layout: LayerLayout?
    /// The numbers stored for it.
    public let parameters: Int
    /// Multiplications that are added up, in convolutions and matrix products, for one run.
    public let multiplyAdds: Int
    /// Whether other layers lie within it, whose numbers are then counted in.
    public let isBlock: Bool
  }

  /// What there is to know of a network before it runs.
  public struct Summary: Sendable {
    /// The input that the shapes and costs are for.
    public let inputShape: Shape
    /// The layers in the order in which they run; a block follows its last layer.
    public let layers: [LayerSummary]
    /// How often each operator occurs, the commonest first.
    public let operators: [(type: String, count: Int)]
    /// The numbers stored in all.
    public let parameters: Int
    /// Multiplications that are added up in all, for one run.
    public let multiplyAdds: Int
    /// The logits, where the network ends in such.
    public let logits: Logits?
    /// Where a detector or a segmenter scores its classes.
    public let scores: ClassScores?
  }

  /// Sizes and costs for one input shape, found without running the network.
  ///
  /// - Throws: `NetworkError` where the input, or what becomes of it, does not fit a node. One whose result's
  ///   shape depends on the picture's values has none.
  public func summary(inputShape: Shape) throws -> Summary {
    let (shapes, misfit) = try survey(inputShape: inputShape)
    switch misfit {
    case nil, .dependsOnValues?: break
    case let misfit?: throw misfit
    }
    let layouts = layouts(in: shapes)
    let nodes = graph.needed(for: graph.outputs)
    let costs = try nodes.map { ($0, parameters(of: $0), try multiplyAdds(of: $0, shapes)) }
    var counts: [String: Int] = [:]
    for node in nodes { counts[node.type, default: 0] += 1 }
    var owners = [String: String](minimumCapacity: layers.count)
    for layer in layers where owners[layer.value] == nil { owners[layer.value] = layer.name }
    let own = own(costs, named: Set(owners.keys))
    let names = NestedNames(layers.map(\.name))
    let parts = owners.map { (name: $0.value, numbers: own[$0.key] ?? Numbers()) }
    let stored = names.sums(parts.map { ($0.name, $0.numbers.parameters) })
    let work = names.sums(parts.map { ($0.name, $0.numbers.multiplyAdds) })
    return Summary(
      inputShape: inputShape,
      layers: layers.enumerated().map { index, layer in
        let isBlock = names.hasParts(index)
        let alone = own[layer.value] ?? Numbers()
        return LayerSummary(
          layer: layer, shape: shapes[layer.value], layout: layouts[layer.value],
          parameters: isBlock ? stored[index] : alone.parameters,
          multiplyAdds: isBlock ? work[index] : alone.multiplyAdds, isBlock: isBlock)
      },
      operators: counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { ($0.key, $0.value) },
      parameters: Set(nodes.flatMap { weights(of: $0) }).reduce(0) { $0 + size(of: $1) },
      multiplyAdds: costs.reduce(0) { MemoryLimit.sum($0, $1.2) }, logits: logits(in: shapes),
      scores: classScores(in: shapes))
  }

  /// What a value's layer stores and costs.
  private struct Numbers {
    var parameters = 0
    var multiplyAdds = 0
  }

  /// The parameters and cost of every value that has a name, with those of the values without that it is
  /// made of: a matrix that is transposed first, a product without its bias.
  private func own(
    _ costs: [(node: Node, parameters: Int, multiplyAdds: Int)], named: Set<String>
  ) -> [String: Numbers] {
    var own = [String: Numbers](minimumCapacity: named.count)
    var readers = [String: String](minimumCapacity: costs.count)
    for (node, parameters, multiplyAdds) in costs.reversed() {
      let output = node.outputs[0]
      guard let value = named.contains(output) ? output : readers[output] else { continue }
      for input in node.inputs { readers[input] = value }
      let before = own[value] ?? Numbers()
      own[value] = Numbers(
        parameters: before.parameters + parameters,
        multiplyAdds: MemoryLimit.sum(before.multiplyAdds, multiplyAdds))
    }
    return own
  }

  /// The stored tensors that a node reads, without single numbers and without integers, which say how
  /// something is done rather than what was learnt.
  private func weights(of node: Node) -> [String] {
    node.inputs.filter { name in
      graph.constants[name].map { !$0.isInteger && $0.tensor.count > 1 } ?? false
    }
  }

  private func size(of constant: String) -> Int { graph.constants[constant]?.tensor.count ?? 0 }

  private func parameters(of node: Node) -> Int {
    weights(of: node).reduce(0) { $0 + size(of: $1) }
  }

  private func multiplyAdds(of node: Node, _ shapes: [String: Shape]) throws -> Int {
    let known = NodeShapes(node) { shapes[$0] ?? graph.constants[$0]?.tensor.shape }
    return try Operator.table[node.type]?.cost(known) ?? 0
  }
}
