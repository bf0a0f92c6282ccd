import Networks
import Objectives
import Tensors

/// A number for each channel that a layer adds.
struct Bias {
  /// The value of the graph that has it in.
  let value: String
  /// One number a channel.
  let shift: [Float]
}

extension Explained {
  /// The biases of maps that the objective depends on: of convolutions, batch norms and sums with constants.
  ///
  /// - Returns: Those that are not all 0, in the order in which they run.
  /// - Throws: `NetworkError`.
  func biases() throws -> [Bias] {
    let shapes = try shapes()
    let read = try objective.readings.map { try network.value(of: $0.source) }
    // Biases that the graph turns or puts into another shape first are known, too.
    let known = try network.knownValues(inputShape: pictureShape)
    // The 1 of `1 + tanh(x)` is none, where all of it is an activation that is written out.
    let functions = ElementwiseFunctions(
      network.graph, input: network.input.name, keeping: Set(read))
    return network.graph.needed(for: read).compactMap { node in
      guard let value = node.outputs.first, let shape = shapes[value],
        network.isMap(shape), !functions.members.contains(value),
        let shift = shift(of: node, shapes, known), shift.count == shape[1],
        shift.contains(where: { $0 != 0 })
      else { return nil }
      return Bias(value: value, shift: shift)
    }
  }

  /// What a node adds to each channel.
  private func shift(
    of node: Node, _ shapes: [String: Shape], _ constants: [String: Constant]
  ) -> [Float]? {
    if network.graph.role(of: node).isConvolution {
      return node.input(2).flatMap { constants[$0]?.tensor.scalars }
    }
    guard let source = node.inputs.first(where: { !$0.isEmpty && constants[$0] == nil }),
      let shape = shapes[source], network.isMap(shape)
    else { return nil }
    return TapeCall(node: node, constants: constants).affine(of: source, shape)?.shift
  }
}
