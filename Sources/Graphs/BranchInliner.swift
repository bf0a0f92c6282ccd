import Blocks
import ONNX

/// Puts the bodies of functions in place of the nodes that call them, and the nodes of both branches of every
/// If beside it.
///
/// What a branch makes gets a name of its own, whatever it is called outside or in the other branch; what it
/// reads of the outside stays what it is. Of the If, a node is left for each output that chooses between the
/// branches' results: its inputs are the condition and what either branch makes. The body of a loop stays with its
/// node, and what it reads of the outside becomes the node's input.
struct BranchInliner {
  /// A node, the operator sets that it is written in, and the branches that it stands in.
  struct Placed {
    var node: NodeProto
    var operatorSets: [String: Int]
    var conditions: [Node.Condition]
    var body: Body?
  }

  /// What a node runs again and again, as `Node.Body`.
  struct Body {
    var inputs: [String]
    var ownCount: Int
    var outputs: [String]
    var nodes: [Placed]
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
    var names = Names()
    let nodes = try functions.inlined(nodes, operatorSets: operatorSets)
    names.outside = Set(
      model.graph.input.map(\.name) + model.graph.initializer.map(\.name)
        + nodes.flatMap(\.node.output))
    return try placed(nodes, &names, under: [])
  }

  /// What names stand for within a branch.
  private struct Names {
    /// What has been made in the branch, and around it, under other names.
    var known: [String: String] = [:]
    /// What the branch makes, sooner or later.
    var own: [String: String] = [:]
    /// What there is around it.
    var outside = Set<String>()

    func callAsFunction(_ name: String) -> String {
      // What the branch makes further on is meant only where there is nothing else of the name.
      known[name] ?? (outside.contains(name) ? name : own[name] ?? name)
    }
  }

  /// The same of nodes in which names stand for others, within branches.
  private mutating func placed(
    _ nodes: [FunctionInliner.Versioned], _ names: inout Names, under conditions: [Node.Condition]
  ) throws -> [Placed] {
    var result: [Placed] = []
    for (node, operatorSets) in nodes {
      let made = node.output
      var node = node
      node.input = node.input.map { names($0) }
      node.output = node.output.map { names.own[$0] ?? $0 }
      if node.opType == "If", node.domain.isEmpty || node.domain == "ai.onnx" {
        result += try branches(of: node, operatorSets, names, under: conditions)
      } else if let graph = node.repeatedGraph {
        var placed = Placed(node: node, operatorSets: operatorSets, conditions: conditions)
        try insert(graph, into: &placed, names)
        result.append(placed)
      } else {
        result.append(Placed(node: node, operatorSets: operatorSets, conditions: conditions))
      }
      for name in made { names.known[name] = names.own[name] }
    }
    return result
  }

  private mutating func branches(
    of node: NodeProto, _ operatorSets: [String: Int], _ names: Names,
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
      var inner = try self.names(of: attribute.g, nodes, within: names, "\(prefix)/\(name)")
      result += try placed(
        nodes, &inner, under: conditions + [.init(value: condition, holds: holds)])
      made.append(attribute.g.output.map { inner($0.name) })
    }
    for (place, output) in node.output.enumerated() where !output.isEmpty {
      let choice = NodeProto(
        "If", [condition, made[0][place], made[1][place]], [output], name: node.name)
      result.append(Placed(node: choice, operatorSets: operatorSets, conditions: conditions))
    }
    return result
  }

  /// What names stand for within a graph of a node's, whose stored tensors join the constants.
  private mutating func names(
    of graph: GraphProto, _ nodes: [FunctionInliner.Versioned], within names: Names,
    _ prefix: String
  ) throws -> Names {
    var inner = names
    inner.outside.formUnion(names.own.keys)
    inner.own = [:]
    for value in graph.initializer.map(\.name) + nodes.flatMap(\.node.output)
    where !value.isEmpty {
      inner.own[value] = "\(prefix)/\(value)"
    }
    for tensor in graph.initializer where !tensor.name.isEmpty {
      let stored = "\(prefix)/\(tensor.name)"
      constants[stored] = try Constant(try model.data(of: tensor))
      inner.known[tensor.name] = stored
    }
    return inner
  }

  /// Gives a node the body that it runs again and again.
  ///
  /// - Throws: `NetworkError.invalidModel` where the body takes other inputs than the node has.
  private mutating func insert(
    _ graph: GraphProto, into placed: inout Placed, _ names: Names
  ) throws {
    let node = placed.node
    guard let prefix = node.output.first(where: { !$0.isEmpty }) else {
      throw NetworkError.invalidModel("\(node.summary): it has no result")
    }
    let nodes = try functions.inlined(graph.node, operatorSets: placed.operatorSets)
    var inner = try self.names(of: graph, nodes, within: names, "\(prefix)/body")
    let stored = Set(graph.initializer.map(\.name))
    let own = graph.input.map(\.name).filter { !stored.contains($0) }
    for name in own { inner.known[name] = "\(prefix)/body/\(name)" }
    let inputs = own.map { "\(prefix)/body/\($0)" }
    // Scan's eighth operator set has the lengths of sequences in front.
    let version = placed.operatorSets[""] ?? model.operatorSetVersion
    let given = node.input.count - (node.opType == "Scan" && version < 9 ? 1 : 0)
    guard given <= own.count, Set(own).count == own.count else {
      throw NetworkError.invalidModel(
        "\(node.summary): its body takes \(own.count) inputs, not \(given); export the model again")
    }
    placed.node.input += [String](repeating: "", count: own.count - given)
    let body = try self.placed(nodes, &inner, under: [])
    let outputs = graph.output.map { inner($0.name) }
    let made = Set(inputs + body.flatMap(\.node.output) + [""])
    var seen = made
    let read = body.flatMap { $0.node.input + $0.conditions.map(\.value) } + outputs
    let captured = read.filter { seen.insert($0).inserted }
    placed.node.input += captured
    placed.body = Body(
      inputs: inputs + captured, ownCount: inputs.count, outputs: outputs, nodes: body)
  }
}

extension NodeProto {
  /// The graph that it runs again and again.
  fileprivate var repeatedGraph: GraphProto? {
    guard ["Loop", "Scan", "SequenceMap"].contains(opType), domain.isEmpty || domain == "ai.onnx",
      let body = attribute("body"), body.hasG
    else { return nil }
    return body.g
  }
}
