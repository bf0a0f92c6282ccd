import Networks

extension AttentionGraph {
  /// How far from 0 each value is kept where relevance is divided by it.
  ///
  /// Those are results of weighted sums with their biases, sums, normalizations, and products of two values.
  ///
  /// - Parameter variant: What becomes of relevance in attention.
  /// - Returns: A distance by each value's name.
  func denominators(_ variant: TransformerRelevance.Variant) -> [String: Float] {
    var result: [String: Float] = [:]
    for node in nodes {
      let data = node.inputs.count { dependent.contains($0) }
      guard data > 0, let output = node.outputs.first else { continue }
      switch graph.role(of: node) {
      case .arithmetic(.addition), .normalization: result[output] = 1e-6
      case _ where Self.isProduct(node) && data == 2:
        // Of the two factors' `2 z`.
        result[output] = variant == .attnLRP ? 0.5e-6 : 1e-6
      case .linear:
        let readers = nodes.filter { $0.inputs.contains(output) }
        // A bias that is added afterwards belongs to the sum.
        let hasBias =
          readers.count == 1 && graph.role(of: readers[0]) == .arithmetic(.addition)
          && readers[0].inputs.count { dependent.contains($0) } == 1
        if !hasBias { result[output] = 1e-6 }
      default: continue
      }
    }
    return result
  }

  /// The values that blocks read and add to: what goes into each block's first residual, and the last sum.
  var residualStream: [String] {
    let sums = nodes.filter { node in
      graph.role(of: node) == .arithmetic(.addition)
        && node.inputs.count { dependent.contains($0) } == 2
    }
    var stream: [String] = []
    for block in blocks {
      var after: Set = [block.product]
      for node in nodes where node.inputs.contains(where: after.contains) {
        after.formUnion(node.outputs)
        guard let sum = sums.first(where: { $0.outputs == node.outputs }) else { continue }
        stream += sum.inputs.filter { !after.contains($0) }
        break
      }
    }
    return stream + (sums.last?.outputs ?? [])
  }
}

extension Graph {
  /// The same graph with a node of its own that hands on each of some values, for a gradient rule to change.
  func handingOn(_ values: some Collection<String>) -> Graph {
    let values = Set(values)
    var result = self
    result.nodes = nodes.flatMap { node -> [Node] in
      guard let output = node.outputs.first, values.contains(output) else { return [node] }
      var maker = node
      maker.outputs[0] = "\(output) made"
      return [
        maker, Node("Identity", name: output, inputs: ["\(output) made"], outputs: [output]),
      ]
    }
    return result
  }
}
