import Graphs
import Tensors

/// Which of a graph's values are lists whose entries are no places of the picture, however many there are: learned
/// queries, as a detector's decoder has, and what is picked by its scores.
///
/// The entries of attention are those of its queries.
struct QueryLists {
  /// Of each value that depends on the picture, whether it is such a list.
  private var isQueries: [String: Bool] = [:]
  /// Products of what is learned with the picture's entries, scores where a softmax follows.
  private var products: Set<String> = []

  /// Follows the picture through the graph.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - input: The picture's name.
  ///   - shapes: The shapes of its values.
  init(_ graph: Graph, input: String, shapes: [String: Shape]) {
    isQueries[input] = false
    for node in graph.nodes where !["Shape", "Size"].contains(node.type) {
      let known = node.inputs.map { isQueries[$0] }
      guard known.contains(where: { $0 != nil }), let output = node.outputs.first else { continue }
      let found = areQueries(behind: node, known, output: shapes[output], graph, shapes)
      for output in node.outputs where !output.isEmpty { isQueries[output] = found }
    }
  }

  /// Whether a value's entries are queries.
  func contains(_ value: String) -> Bool { isQueries[value] == true }

  private mutating func areQueries(
    behind node: Node, _ known: [Bool?], output: Shape?, _ graph: Graph, _ shapes: [String: Shape]
  ) -> Bool {
    switch node.type {
    case "TopK": return true
    case "Gather", "GatherElements", "GatherND":
      // Of the picture's entries by numbers that it decides itself; of a table it is what the numbers are.
      guard let first = known[0] else { return (known[checked: 1] ?? nil) ?? false }
      return first || (known[checked: 1] ?? nil) != nil
    case "GridSample": return (known[checked: 1] ?? nil) ?? false
    case "Conv", "ConvTranspose": return false
    case "MatMul", "Einsum", "Attention", "MultiHeadAttention":
      guard known[0] == nil else { return known[0] ?? false }
      if node.type == "Attention" || node.type == "MultiHeadAttention" { return true }
      products.formUnion(node.outputs)
      return false
    case "Softmax": return known[0] == true || products.contains(node.inputs[0])
    default:
      if graph.role(of: node).isElementwise, node.inputs.contains(where: products.contains) {
        products.formUnion(node.outputs)
      }
      // What is as large as the result, before what is stretched along it; a mask of queries' scores is the picture's.
      let whole = zip(node.inputs, known).filter { $1 != nil && shapes[$0] == output }.map(\.1)
      guard whole.isEmpty else {
        return graph.role(of: node).isElementwise
          ? whole.contains(true) : whole.allSatisfy { $0 != false }
      }
      return known.allSatisfy { $0 != false }
    }
  }
}
