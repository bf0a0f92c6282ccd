import Graphs
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
  private let dependent: Set<String>
  /// The place of the node that makes each value.
  private let makers: [String: Int]

  /// Finds them.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - input: What everything is a function of.
  ///   - kept: Values that others read.
  init(_ graph: Graph, input: String, keeping kept: Set<String>) {
    var dependent: Set = [input]
    for node in graph.nodes where graph.role(of: node) != .constant {
      if node.inputs.contains(where: dependent.contains) { dependent.formUnion(node.outputs) }
    }
    (self.graph, self.dependent, makers) = (graph, dependent, graph.makers)
    let (producers, readers) = (graph.producers, graph.readerCounts)
    for (place, node) in graph.nodes.enumerated() {
      guard variables(of: node)?.count ?? 0 > 1,
        let function = graph.writtenFunction(
          endingIn: place, makers, variables: { variables(of: $0) }),
        graph.isClosed(node, from: function.source, producers, readers)
      else { continue }
      let made = Set(function.parts.map { graph.nodes[$0].outputs[0] })
      guard made.subtracting(node.outputs).isDisjoint(with: kept) else { continue }
      members.formUnion(made)
      if let way = way(from: node, to: function.source, by: made) {
        ways.merge(way) { _, new in new }
      }
    }
  }

  /// What depends on the input of what goes into a node that works element by element, with single numbers beside it;
  /// nil of another.
  private func variables(of node: Node) -> Set<String>? {
    switch graph.role(of: node) {
    case .elementwise, .gate, .clamp, .step, .arithmetic, .combination, .renaming: break
    default: return nil
    }
    let variables = Set(node.inputs.filter(dependent.contains))
    let isSimple =
      node.outputs.count == 1
      && node.inputs.allSatisfy {
        $0.isEmpty || variables.contains($0) || graph.constants[$0]?.count == 1
      }
    return isSimple && !variables.isEmpty ? variables : nil
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
      guard made.contains(next), let place = makers[next],
        let rest = way(from: graph.nodes[place], to: source, by: made)
      else { return nil }
      return rest.merging([node.outputs[0]: index]) { $1 }
    }
    return ways.min { $0.count < $1.count }
  }
}
