import Graphs
import Tensors

/// Which of a graph's values are lists whose entries are no places of the picture, however many there are: learned
/// queries, as a detector's decoder has, and what is picked by its scores.
///
/// The entries of attention are those of its queries.
struct QueryLists {
  /// Of each value that depends on the picture, whether it is such a list.
  private var isQueries: [String: Bool] = [:]

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
      let found = areQueries(behind: node, known, output: shapes[output], shapes)
      for output in node.outputs { isQueries[output] = found }
    }
  }

  /// Whether a value's entries are queries.
  func contains(_ value: String) -> Bool { isQueries[value] == true }

  private func areQueries(
    behind node: Node, _ known: [Bool?], output: Shape?, _ shapes: [String: Shape]
  ) -> Bool {
    switch node.type {
    case "TopK": return true
    case "Gather", "GatherElements", "GatherND":
      // By numbers that the picture decides.
      return (known[checked: 1] ?? nil) != nil || known[0] == true
    case "GridSample": return (known[checked: 1] ?? nil) ?? false
    case "MatMul", "Attention", "MultiHeadAttention":
      if let first = known[0] { return first }
      // Learned queries ask for the picture's keys; a square matrix mixes the picture's own entries.
      guard let second = shapes[node.inputs[1]], let output, output.rank > 1, second.rank > 1
      else { return false }
      return output[-2] != second[-2]
    default:
      // What is as large as the result, before what is stretched along it.
      let whole = zip(node.inputs, known).filter { $1 != nil && shapes[$0] == output }
      return (whole.isEmpty ? known : whole.map(\.1)).allSatisfy { $0 != false }
    }
  }
}
