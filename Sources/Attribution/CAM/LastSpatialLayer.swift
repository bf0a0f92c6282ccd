public import Networks
import Objectives
public import Tensors

extension Explained {
  /// The layer that class activation maps are made of where none is named.
  ///
  /// - Returns: A value of the graph.
  /// - Throws: `AttributionError.noConvolution` if there is none, `.readsNothing` where the objective reads
  ///   nothing of the network.
  public func lastSpatialLayer() throws -> Reading.Source {
    guard !objective.readings.isEmpty else {
      throw AttributionError.readsNothing(objective.name)
    }
    return try plans.value("last spatial layer") {
      .value(
        try network.lastConvolutionalValue(
          before: objective.readings.map { try network.value(of: $0.source) },
          inputShape: pictureShape))
    }
  }
}

extension Network {
  /// The last value before others that still has a convolution's channels and positions: after its
  /// activation and sums, before pooling.
  ///
  /// - Parameters:
  ///   - values: Values of the graph.
  ///   - inputShape: The shape of the network's input.
  /// - Returns: The name of a value of the graph.
  /// - Throws: `AttributionError.noConvolution` if there is none.
  public func lastConvolutionalValue(
    before values: [String], inputShape: Shape
  ) throws -> String {
    let shapes = try shapes(inputShape: inputShape)
    var spatial = Set<String>()
    var last: String?
    for node in graph.needed(for: values) {
      guard let output = node.outputs.first, let shape = shapes[output], shape.rank == 4,
        shape[2] * shape[3] > 1
      else { continue }
      let (role, positions) = (graph.role(of: node), graph.positions(of: node))
      let continues = positions != .lost && node.inputs.contains(where: spatial.contains)
      guard role.isConvolution || continues else { continue }
      spatial.insert(output)
      // What only renames a map that was pooled is one that was pooled.
      if positions == .kept, role != .renaming, !values.contains(output) { last = output }
    }
    guard let last else { throw AttributionError.noConvolution }
    return last
  }
}
