import Memory

extension Model {
  /// The numbers that all tensors in other files claim to hold together; several may claim the same bytes.
  package var externalScalars: Int {
    let nodes = graph.node + proto.functions.flatMap(\.node)
    let tensors = graph.initializer + nodes.flatMap { $0.attribute.filter(\.hasT).map(\.t) }
    return tensors.reduce(0) { sum, tensor in
      guard tensor.dataLocation == .external else { return sum }
      return MemoryLimit.sum(
        sum, MemoryLimit.product(tensor.dims.map { $0 < 0 ? 0 : Int($0) }))
    }
  }
}
