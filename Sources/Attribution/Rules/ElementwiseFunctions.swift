import Networks

/// Functions of one value that are written as several operators, element by element: `x · (1 + tanh(x)) / 2`.
///
/// Such a function begins at a value that every way back from its result leads to, has nothing in it but operators on single
/// elements and single numbers, and nobody else reads what is made within.
struct ElementwiseFunctions {
  /// Every value made within a function, its result among them.
  private(set) var members: Set<String> = []
  /// Of each value on the way from a result back to what it is a function of, which input of its node is the next.
  ///
  /// Only of results that are products with that value: `x` times a function of `x`, scaled.
  private(set) var ways: [String: Int] = [:]

  private let graph: Graph
  private var dependent: Set<String>
  /// The nodes that work element by element, with single numbers beside what depends on the input.
  private var places: [String: Int] = [:]
  /// Which node makes a value.
  private var makers: [String: Int] = [:]

  /// Finds them.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - input: What everything is a function of.
  ///   - kept: Values that others read.
  init(_ graph: Graph, input: String, keeping kept: Set<String>) {
    (self.graph, dependent) = (graph, [input])
    let readers = Dictionary(
      grouping: graph.nodes.flatMap { node in
        Set(node.inputs).map { (value: $0, reader: node.outputs.first ?? "") }
      }, by: \.value
    ).mapValues { $0.map(\.reader) }
    let kept = kept.union(graph.outputs)
    for (place, node) in graph.nodes.enumerated() {
      guard node.inputs.contains(where: dependent.contains), graph.role(of: node) != .constant
      else { continue }
      dependent.formUnion(node.outputs)
      for output in node.outputs { makers[output] = place }
      guard isSimple(node) else { continue }
      places[node.outputs[0]] = place
      guard data(node).count > 1, let (made, source) = function(endingWith: node) else { continue }
      let within = made.subtracting(node.outputs)
      guard within.isDisjoint(with: kept),
        within.allSatisfy({ (readers[$0] ?? []).allSatisfy(made.contains) })
      else { continue }
      members.formUnion(made)
      if let way = way(from: node, to: source, by: made) { ways.merge(way) { _, new in new } }
    }
  }

  /// More than any activation is written with.
  private static let mostParts = 16

  private func data(_ node: Node) -> Set<String> {
    Set(node.inputs.filter(dependent.contains))
  }

  private func isSimple(_ node: Node) -> Bool {
    switch graph.role(of: node) {
    case .elementwise, .gate, .clamp, .step, .arithmetic, .combination, .renaming: break
    default: return false
    }
    return node.outputs.count == 1
      && node.inputs.allSatisfy {
        $0.isEmpty || dependent.contains($0) || graph.constants[$0]?.count == 1
      }
  }

  /// What is made between a node and the last value before it that all its ways back meet in.
  private func function(endingWith node: Node) -> (made: Set<String>, source: String)? {
    var made = Set(node.outputs)
    var open = data(node)
    while open.count > 1 {
      guard made.count < Self.mostParts else { return nil }
      // What is made last is not what the others are made of.
      guard let last = open.max(by: { (makers[$0] ?? -1) < (makers[$1] ?? -1) }),
        let place = places[last]
      else { return nil }
      open.remove(last)
      open.formUnion(data(graph.nodes[place]))
      made.insert(last)
    }
    return open.first.map { (made, $0) }
  }

  /// The shortest way from a node to a value that leads through factors alone.
  private func way(
    from node: Node, to source: String, by made: Set<String>
  ) -> [String: Int]? {
    let isFactor: (Int) -> Bool
    switch graph.role(of: node) {
    case .arithmetic(.multiplication): isFactor = { _ in true }
    case .arithmetic(.division): isFactor = { $0 == 0 }
    case .renaming: isFactor = { _ in true }
    case _ where node.type == "Neg": isFactor = { _ in true }
    default: return nil
    }
    let ways = node.inputs.indices.filter {
      // A value that is squared is one way.
      isFactor($0) && dependent.contains(node.inputs[$0])
        && node.inputs.firstIndex(of: node.inputs[$0]) == $0
    }
    .compactMap { index -> [String: Int]? in
      let next = node.inputs[index]
      if next == source { return [node.outputs[0]: index] }
      guard made.contains(next), let place = places[next],
        let rest = way(from: graph.nodes[place], to: source, by: made)
      else { return nil }
      return rest.merging([node.outputs[0]: index]) { $1 }
    }
    return ways.min { $0.count < $1.count }
  }
}
