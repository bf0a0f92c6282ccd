import Blocks
import Tensors

extension Graph {
  /// The same graph with a grey picture N×1×S×S in place of a row of S² numbers, as perceptrons for
  /// handwritten digits take it.
  ///
  /// - Returns: `nil` where the graph's first input is no such row.
  package func shapingRow() -> Graph? {
    guard let input = inputs.first, input.dimensions.count == 2, !input.isInteger,
      !inputs.contains(where: { $0.dimensions.count == 4 }), let count = input.dimensions[1]
    else { return nil }
    let side = Int(Float(count).squareRoot().rounded())
    guard side >= 4, count < 1 << 24, side * side == count else { return nil }
    let row = Self.row(input.name)
    var graph = self
    graph.inputs[0].dimensions = [input.dimensions[0], 1, side, side]
    for i in graph.nodes.indices {
      graph.nodes[i].inputs = graph.nodes[i].inputs.map { $0 == input.name ? row : $0 }
    }
    graph.nodes.insert(Node("Flatten", name: row, inputs: [input.name], outputs: [row]), at: 0)
    return graph
  }
}

extension Graph {
  package static func row(_ input: String) -> String { "\(input), a row" }
}
