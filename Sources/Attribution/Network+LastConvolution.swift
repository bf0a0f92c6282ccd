public import Networks
public import Tensors

extension Network {
  /// The last value before another that still has a convolution's channels and positions: after its
  /// activation and sums, before pooling.
  ///
  /// - Parameters:
  ///   - value: A value of the graph.
  ///   - inputShape: The shape of the network's input.
  /// - Returns: The name of a value of the graph.
  /// - Throws: `AttributionError.noConvolution` if there is none.
  public func lastConvolutionalValue(
    before value: String, inputShape: Shape
  ) throws -> String {
    let shapes = try shapes(inputShape: inputShape)
    var spatial = Set<String>()
    var last: String?
    for node in graph.needed(for: [value]) {
      guard let output = node.outputs.first, let shape = shapes[output], shape.rank == 4,
        shape[2] * shape[3] > 1
      else { continue }
      let (role, positions) = (graph.role(of: node), graph.positions(of: node))
      let continues = positions != .lost && node.inputs.contains(where: spatial.contains)
      guard role.isConvolution || continues else { continue }
      spatial.insert(output)
      // What only renames a map that was pooled is one that was pooled.
      if positions == .kept, role != .renaming, output != value { last = output }
    }
    guard let last else { throw AttributionError.noConvolution }
    return last
  }
}
