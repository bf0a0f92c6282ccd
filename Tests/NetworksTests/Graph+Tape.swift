import Autodiff
import Testing

@testable import Graphs

extension Graph {
  /// The values of the graph's nodes, each computed by itself on the tape.
  ///
  /// - Parameter given: Values that are there already, the input's among them.
  /// - Returns: All values by their names.
  /// - Throws: What an operator throws.
  func onTape(_ given: [String: Variable]) throws -> [String: Variable] {
    var values = given
    for node in nodes {
      let call = TapeCall(node: node, constants: constants)
      let run = try #require(Operator.table[node.type]?.run)
      for (output, name) in node.outputs.enumerated() where !name.isEmpty && given[name] == nil {
        let own = call.with(output: output)
        values[name] = try run(own.with(call.variableNames.compactMap { values[$0] }))
      }
    }
    return values
  }
}
