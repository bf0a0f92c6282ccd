import Networks
import Objectives
import Tensors

/// Where a graph has attention: softmaxes between a product of queries with keys and one with values.
struct AttentionGraph {
  /// One softmax and the product with values that reads it.
  struct Block {
    /// The value that holds the attention matrices.
    let weights: String
    /// Along which axis of theirs the softmax runs: that of the keys, counted from the first or, below 0, from the last.
    let axis: Int
    /// What the product with values yields.
    let product: String
    /// The place of the attention among the product's inputs.
    let place: Int
  }

  /// The blocks in the order in which they run.
  let blocks: [Block]
  /// Nodes that are attention as a whole, whose matrices cannot be read.
  let fused: [Node]
  /// Everything that depends on the network's input.
  let dependent: Set<String>

  /// What is needed for what is explained, in the order in which it runs.
  let nodes: [Node]
  let graph: Graph
  private let producers: [String: Node]

  /// Looks through what the values need.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - input: The network's input.
  ///   - values: What is explained.
  init(_ graph: Graph, input: String, before values: [String]) {
    let nodes = graph.needed(for: values)
    var dependent: Set = [input]
    for node in nodes where graph.role(of: node) != .constant {
      if node.inputs.contains(where: dependent.contains) { dependent.formUnion(node.outputs) }
    }
    self.graph = graph
    self.nodes = nodes
    self.dependent = dependent
    producers = Dictionary(
      nodes.flatMap { node in node.outputs.map { ($0, node) } }, uniquingKeysWith: { a, _ in a })
    fused = nodes.filter { $0.type == "Attention" }
    var readers: [String: [Node]] = [:]
    for node in nodes { for input in Set(node.inputs) { readers[input, default: []].append(node) } }
    blocks = nodes.compactMap { [producers] node in
      guard graph.role(of: node) == .softmax, let weights = node.outputs.first,
        let scores = node.inputs.first,
        Self.comesFromProduct(scores, graph, producers, dependent),
        let (product, place) = Self.reader(of: weights, graph, readers, dependent)
      else { return nil }
      return Block(
        weights: weights, axis: node.int("axis", default: node.opset < 13 ? 1 : -1),
        product: product.outputs[0], place: place)
    }
  }

  /// Whether a value is, but for scaling, biases and shape, a product of two values that depend on the input.
  private static func comesFromProduct(
    _ value: String, _ graph: Graph, _ producers: [String: Node], _ dependent: Set<String>
  ) -> Bool {
    var (values, seen) = ([value], Set([value]))
    while let value = values.popLast() {
      guard let node = producers[value] else { continue }
      let data = node.inputs.filter { dependent.contains($0) }
      if isProduct(node) {
        if data.count == 2 { return true }
        continue
      }
      switch graph.role(of: node) {
      case .arithmetic, .combination, .elementwise, .clamp, .renaming, .reshaping, .selection:
        values += data.filter { seen.insert($0).inserted }
      default: continue
      }
    }
    return false
  }

  /// The product with values that reads attention, and the attention's place in it.
  private static func reader(
    of value: String, _ graph: Graph, _ readers: [String: [Node]], _ dependent: Set<String>
  ) -> (node: Node, place: Int)? {
    var values = [value]
    while let value = values.popLast() {
      var next: [String] = []
      for node in readers[value] ?? [] {
        if isProduct(node), node.inputs.count == 2, node.inputs.allSatisfy(dependent.contains) {
          return (node, node.inputs[0] == value ? 0 : 1)
        }
        // A mask that leaves nothing makes NaN, which PyTorch's exporter puts zeros in the place of.
        let isGuarded = node.type == "Where" && node.inputs.dropFirst().contains(value)
        switch graph.role(of: node) {
        case .renaming, .reshaping, .selection: next.append(node.outputs[0])
        case _ where isGuarded: next.append(node.outputs[0])
        default: continue
        }
      }
      values += next.reversed()
    }
    return nil
  }

  /// Whether a node is a product of matrices.
  static func isProduct(_ node: Node) -> Bool { ["MatMul", "Einsum", "Gemm"].contains(node.type) }

  /// Whether a value is one over a root, or that times constants: what a normalization multiplies with.
  func isInverseDeviation(_ value: String) -> Bool {
    var value = value
    while let node = producers[value] {
      let data = node.inputs.filter { dependent.contains($0) }
      switch node.type {
      case "Reciprocal": return data.contains { producers[$0]?.type == "Sqrt" }
      case "Pow":
        return graph.constants[node.inputs[1]]?.tensor.scalars.allSatisfy { $0 < 0 } ?? false
      case "Div" where data == [node.inputs[1]]: return producers[data[0]]?.type == "Sqrt"
      case "Div": return false
      default:
        let role = graph.role(of: node)
        guard role == .arithmetic(.multiplication) || role.keepsNumbers, data.count == 1 else {
          return false
        }
        value = data[0]
      }
    }
    return false
  }
}

extension Explained {
  /// Where the network has attention before what the objective reads.
  ///
  /// - Throws: `NetworkError` where the objective reads what the network has not.
  func attentionGraph() throws -> AttentionGraph {
    try plans.value("attention") {
      AttentionGraph(
        network.graph, input: network.input.name,
        before: try objective.readings.map { try network.value(of: $0.source) })
    }
  }

  /// Why there is nothing to be read of attention: what the network has instead.
  func noAttention(_ method: String, _ found: AttentionGraph) -> AttributionError {
    guard found.fused.isEmpty else {
      return .noAttention(
        "\(method) reads attention matrices, which \(found.fused[0].title) keeps to itself; export the "
          + "network for an operator set below 23, in which attention is written out")
    }
    let roles = network.graph.nodes.map { network.graph.role(of: $0) }
    let convolutions = roles.count { $0.isConvolution }
    let products = roles.count { $0 == .linear(.matrixProduct) }
    let hasMaps = (try? lastSpatialLayer()) != nil
    let ofValues = network.graph.nodes.count {
      AttentionGraph.isProduct($0) && $0.inputs.prefix(2).allSatisfy(found.dependent.contains)
    }
    return .noAttention(
      "\(method) needs attention, a softmax between two matrix products; the network has none. It has "
        + "convolutions: \(convolutions), products with matrices of weights: \(products)"
        + (ofValues > 1
          ? ", products of two values: \(ofValues), which may be attention that is written otherwise: a softmax by "
            + "hand, heads that are mixed, a difference of two" : "")
        + (hasMaps ? "; try grad-cam or lrp-epsilon-plus" : "; try integrated-gradients"))
  }
}
