package import Graphs
package import Tensors

extension PictureAxes {
  /// The values that some others are made of by their places, and not by what lies beside these alone, as a class token
  /// does.
  ///
  /// What is not followed counts as read.
  ///
  /// - Parameters:
  ///   - values: The others.
  ///   - nodes: What they need, in the order in which it runs.
  ///   - network: Its network.
  ///   - shapes: The shapes of the values.
  /// - Returns: Names of values.
  package func read(
    for values: [String], by nodes: [Node], of network: Network, _ shapes: [String: Shape]
  ) -> Set<String> {
    let operands = Operands(of: network, in: shapes)
    var read = Set(values)
    for node in nodes.reversed() {
      let isRead = node.outputs.contains(where: read.contains)
      for (place, input) in node.inputs.enumerated() where !input.isEmpty {
        let passes = isRead || hasPlaces(input) && node.outputs.contains(where: hasPlaces)
        // What queries meet is read as a whole, whichever of them is read.
        let isMet = place > 0 && (node.type == "MatMul" || node.type.hasSuffix("Attention"))
        if isMet || !passes || isRead && !takesNone(node, of: input, operands) {
          read.insert(input)
        }
      }
    }
    return read
  }

  /// Whether a node chooses from a list of places and what lies beside them, and takes no place.
  private func takesNone(
    _ node: Node, of input: String, _ operands: Operands
  ) -> Bool {
    guard operands.graph.role(of: node) == .selection, let shape = operands.shapes[input],
      let output = node.outputs.first, let own = operands.shapes[output]
    else { return false }
    return shape.dimensions.indices.contains { axis in
      guard let places = places(input, along: axis) else { return false }
      let range = places.first..<places.first + places.count
      switch node.selection(along: axis, of: shape, as: output, operands) {
      case .indices(let indices)?: return indices.allSatisfy { !range.contains($0) }
      case .steps(let start, let step)? where own.rank == shape.rank:
        return (0..<own[axis]).allSatisfy { !range.contains(start + $0 * step) }
      default: return false
      }
    }
  }
}
