import Tensors

// Who reads what, for what puts several nodes together.
extension Graph {
  /// Whether everything between a value and what a node makes of it is read within alone.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - source: The value.
  ///   - producers: The node that makes each value.
  ///   - readers: How often each value is read.
  /// - Returns: False also where a result of the graph lies between.
  package func isClosed(
    _ node: Node, from source: String, _ producers: Producers, _ readers: [String: Int]
  ) -> Bool {
    var seen: Set = [source]
    var pending = node.inputs
    var read: [String: Int] = [:]
    for name in node.inputs { read[name, default: 0] += 1 }
    while let name = pending.popLast() {
      guard seen.insert(name).inserted, let inner = producers[name] else { continue }
      pending += inner.inputs
      for name in inner.inputs { read[name, default: 0] += 1 }
    }
    seen.remove(source)
    return seen.allSatisfy { producers[$0] == nil || readers[$0] == read[$0] }
  }

  /// How often each value is read, by nodes and as a result.
  package var readerCounts: [String: Int] {
    var counts: [String: Int] = [:]
    for name in nodes.lazy.flatMap(\.reads) + outputs { counts[name, default: 0] += 1 }
    return counts
  }

  /// The nodes that read each value, in the order of the graph.
  package var readers: [String: [Node]] {
    var readers: [String: [Node]] = [:]
    for node in nodes { for input in Set(node.inputs) { readers[input, default: []].append(node) } }
    return readers
  }

  /// The whole numbers that a node has as an attribute, in old operator sets, or as a constant input; nil where they are not
  /// known.
  func integers(_ attribute: String, at position: Int, of node: Node) -> [Int]? {
    node.ints(attribute) ?? node.input(position).flatMap { constants[$0]?.integers }
  }

  /// The one number of a constant; `nil` also where it has more axes, as they could give a result more axes than its
  /// other operand has.
  func scalar(_ name: String) -> Float? {
    // Larger ones stay packed.
    guard let constant = constants[name], constant.count == 1, constant.shape.rank <= 1 else {
      return nil
    }
    return constant.tensor.scalars[0]
  }
}
