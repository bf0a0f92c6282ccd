import Blocks
import ONNX

/// Puts the bodies of functions in place of the nodes that call them, and the nodes of both branches of every
/// If beside it.
///
/// What a branch makes gets a name of its own, whatever it is called outside or in the other branch; what it
/// reads of the outside stays what it is. Of the If, a node is left for each output that chooses between the
/// branches' results: its inputs are the condition and what either branch makes.
struct BranchInliner {
  /// A node, the operator sets that it is written in, and the branches that it stands in.
  struct Placed {
    var node: NodeProto
    var operatorSets: [String: Int]
    var conditions: [Node.Condition]
  }

  private let model: Model
  private var functions: FunctionInliner
  /// What the branches store, by the names that it has among all.
  private(set) var constants: [String: Constant] = [:]

  init(_ model: Model) {
    self.model = model
    functions = FunctionInliner(model.proto)
  }

  /// The nodes of the main graph, without functions and branches.
  ///
  /// - Throws: `NetworkError.invalidModel` for a branch that is missing or makes too little.
  mutating func placed(
    _ nodes: [NodeProto], operatorSets: [String: Int]
  ) throws -> [Placed] {
    try placed(try functions.inlined(nodes, operatorSets: operatorSets), names: [:], under: [])
  }

  /// The same of nodes in which names stand for others, within branches.
  private mutating func placed(
    _ nodes: [FunctionInliner.Versioned], names: [String: String],
    under conditions: [Node.Condition]
  ) throws -> [Placed] {
    var result: [Placed] = []
    for (node, operatorSets) in nodes {
      var node = node
      node.input = node.input.map { names[$0] ?? $0 }
      node.output = node.output.map { names[$0] ?? $0 }
      if node.opType == "If", node.domain.isEmpty || node.domain == "ai.onnx" {
        result += try branches(of: node, operatorSets, names, under: conditions)
      } else {
        result.append(Placed(node: node, operatorSets: operatorSets, conditions: conditions))
      }
    }
    return result
  }

  private mutating func branches(
    of node: NodeProto, _ operatorSets: [String: Int], _ names: [String: String],
    under conditions: [Node.Condition]
  ) throws -> [Placed] {
    guard let condition = node.input.first, !condition.isEmpty,
      let prefix = node.output.first(where: { !$0.isEmpty })
    else { throw NetworkError.invalidModel("\(node.summary): it has no condition or no result") }
    var result: [Placed] = []
    var made: [[String]] = []
    for (name, holds) in [("then_branch", true), ("else_branch", false)] {
      guard let attribute = node.attribute(name), attribute.hasG,
        attribute.g.output.count >= node.output.count
      else {
        throw NetworkError.invalidModel(
          "\(node.summary): \(name) is missing or makes less than the node; export the model again")
      }
      let nodes = try functions.inlined(attribute.g.node, operatorSets: operatorSets)
      var own = names
      for inner in attribute.g.initializer.map(\.name) + nodes.flatMap(\.node.output)
      where !inner.isEmpty {
        own[inner] = "\(prefix)/\(name)/\(inner)"
      }
      for tensor in attribute.g.initializer where !tensor.name.isEmpty {
        constants[own[tensor.name] ?? tensor.name] = try Constant(try model.data(of: tensor))
      }
      result += try placed(
        nodes, names: own, under: conditions + [.init(value: condition, holds: holds)])
      made.append(attribute.g.output.map { own[$0.name] ?? $0.name })
    }
    for (place, output) in node.output.enumerated() where !output.isEmpty {
      let choice = NodeProto(
        "If", [condition, made[0][place], made[1][place]], [output], name: node.name)
      result.append(Placed(node: choice, operatorSets: operatorSets, conditions: conditions))
    }
    return result
  }
}
