import Autodiff

/// Nodes that together are a function of one value.
package struct WrittenFunction {
  /// The value.
  package let source: String
  /// The nodes' places in their graph, in order; the last yields the result.
  package let parts: [Int]
}

extension Graph {
  /// More nodes than anybody writes a function of one value with.
  private static let mostParts = 16

  /// The nearest value that alone decides what a node yields, by more ways than one, with what is made of it on them.
  ///
  /// - Parameters:
  ///   - place: The node's place.
  ///   - makers: The place of the node that makes each value.
  ///   - variables: The inputs of a node that are not known beforehand; nil of one that cannot be a part.
  /// - Returns: Nil where there is no such value near.
  package func writtenFunction(
    endingIn place: Int, _ makers: [String: Int], variables: (Node) -> Set<String>?
  ) -> WrittenFunction? {
    var parts: Set = [place]
    guard var open = variables(nodes[place]) else { return nil }
    var branches = open.count > 1
    while !branches || open.count > 1 {
      // The one made last: no other is made of it.
      guard parts.count < Self.mostParts,
        let last = open.max(by: { (makers[$0] ?? -1, $0) < (makers[$1] ?? -1, $1) }),
        let maker = makers[last], let before = variables(nodes[maker])
      else { return nil }
      parts.insert(maker)
      open.remove(last)
      open.formUnion(before)
      branches = branches || open.count > 1
    }
    return open.first.map { WrittenFunction(source: $0, parts: parts.sorted()) }
  }

  /// What the last of some nodes makes of some values.
  ///
  /// - Parameters:
  ///   - parts: The nodes, in order.
  ///   - values: By their names; they stand before constants of the same name.
  /// - Returns: Nil where one of the nodes cannot be run so.
  func result(of parts: [Node], knowing values: [String: Variable]) -> Variable? {
    var values = values
    for node in parts {
      var known: [String: Constant] = [:]
      for name in node.inputs where values[name] == nil { known[name] = constants[name] }
      let call = TapeCall(node: node, constants: known)
      let inputs = call.variableNames.compactMap { values[$0] }
      guard let output = node.outputs.first, inputs.count == call.variableNames.count,
        let value = try? Operator.table[node.type]?.run(call.with(inputs))
      else { return nil }
      values[output] = value
    }
    return parts.last?.outputs.first.flatMap { values[$0] }
  }
}
