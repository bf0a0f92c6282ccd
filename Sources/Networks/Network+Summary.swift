import Blocks
import Files
import Graphs
import Memory
public import Plans
public import Tensors

extension Network {
  /// What there is to know of a layer before it runs.
  public struct LayerSummary: Sendable {
    /// The layer.
    public let layer: Layer
    /// The shape of its output; `nil` where it has none.
    public let shape: Shape?
    /// What its output is where it has no shape.
    public let unshaped: Unshaped?
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
    /// Why the results cannot be computed, where something but the picture's values keeps them from it.
    public let misfit: NetworkError?
    /// The network's results, in the order of the file.
    public let outputs: [Output]

    /// How many classes the network tells apart; none where it ends in an embedding or in other values.
    public var classCount: Int {
      logits.map { $0.haveClasses ? $0.count : 0 } ?? scores?.count ?? 0
    }
  }

  /// Sizes and costs for one input shape, found without running the network.
  ///
  /// What cannot be computed, and all that needs it, has no shape.
  ///
  /// - Throws: `NetworkError` where the input cannot be fed, or there is no room for anything that becomes of it;
  ///   `MemoryError`.
  public func summary(inputShape: Shape) throws -> Summary {
    let isLarge = layers.count >= Self.largeCount
    let nesting = Meanwhile(if: isLarge) { [layers] in NestedNames(layers.map(\.name)) }
    let survey = try survey(inputShape: inputShape)
    let shapes = survey.shapes
    // What there is room for is listed.
    if let misfit = survey.misfit, misfit.isShortageOfMemory,
      !layers.contains(where: { shapes[$0.value] != nil })
    {
      throw misfit
    }
    let layouts = layouts(in: shapes)
    let nodes = neededNodes
    let weights = nodes.map(weights(of:))
    let costs = try zip(nodes, weights).map { node, weights in
      (node, weights.reduce(0) { $0 + size(of: $1) }, try multiplyAdds(of: node, shapes))
    }
    var counts: [String: Int] = [:]
    for node in nodes { counts[node.type, default: 0] += 1 }
    // The node that makes each layer's value; of several layers of one node the first counts it.
    let places = layers.map { makers[$0.value] }
    var owners = [String?](repeating: nil, count: graph.nodes.count)
    for case (let layer, let place?) in zip(layers, places) where owners[place] == nil {
      owners[place] = layer.name
    }
    let own = own(costs, named: owners.map { $0 != nil })
    let names = try nesting.value()
    let parts = zip(owners, own).compactMap { name, numbers in name.map { ($0, numbers) } }
    let stored = names.sums(parts.map { ($0.0, $0.1.parameters) })
    let work = names.sums(parts.map { ($0.0, $0.1.multiplyAdds) })
    return Summary(
      inputShape: inputShape,
      layers: layers.enumerated().map { index, layer in
        let isBlock = names.hasParts(index)
        let alone = places[index].map { own[$0] } ?? Numbers()
        return LayerSummary(
          layer: layer, shape: shapes[layer.value], unshaped: survey.others[layer.value],
          layout: layouts[layer.value],
          parameters: isBlock ? stored[index] : alone.parameters,
          multiplyAdds: isBlock ? work[index] : alone.multiplyAdds, isBlock: isBlock)
      },
      operators: counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { ($0.key, $0.value) },
      parameters: Set(weights.joined()).reduce(0) { $0 + size(of: $1) },
      multiplyAdds: costs.reduce(0) { MemoryLimit.sum($0, $1.2) }, logits: logits(in: shapes),
      scores: classScores(in: shapes), misfit: survey.misfit.flatMap { $0.isOfValues ? nil : $0 },
      outputs: outputs(in: survey))
  }

  /// What a node's layer stores and costs.
  private struct Numbers {
    var parameters = 0
    var multiplyAdds = 0
  }

  /// The parameters and cost of every node that has a name, by its place, with those of the nodes without that it
  /// is made of: a matrix that is transposed first, a product without its bias.
  private func own(
    _ costs: [(node: Node, parameters: Int, multiplyAdds: Int)], named: [Bool]
  ) -> [Numbers] {
    var own = [Numbers](repeating: Numbers(), count: named.count)
    var readers = [Int?](repeating: nil, count: named.count)
    for (node, parameters, multiplyAdds) in costs.reversed() {
      // A node may leave its first outputs out.
      guard let place = node.outputs.lazy.compactMap({ makers[$0] }).first,
        let owner = named[place] ? place : readers[place]
      else { continue }
      for maker in node.inputs.lazy.compactMap({ makers[$0] }) { readers[maker] = owner }
      own[owner].parameters += parameters
      own[owner].multiplyAdds = MemoryLimit.sum(own[owner].multiplyAdds, multiplyAdds)
    }
    return own
  }

  /// The stored tensors that a node reads, without single numbers and without integers, which say how
  /// something is done rather than what was learnt.
  private func weights(of node: Node) -> [String] {
    node.inputs.filter { name in
      graph.constants[name].map { !$0.isInteger && $0.count > 1 } ?? false
    }
  }

  private func size(of constant: String) -> Int { graph.constants[constant]?.count ?? 0 }

  private func multiplyAdds(of node: Node, _ shapes: [String: Shape]) throws -> Int {
    guard let cost = Operator.table[node.type]?.cost else { return 0 }
    return try cost(NodeShapes(node) { shapes[$0] ?? graph.constants[$0]?.shape })
  }
}
