import Networks
import Objectives
import Tensors

extension Explained {
  /// The last layer whose places the objective's gradient tells apart: `lastSpatialLayer()`, or where only a mean over
  /// all places follows on that, the last one before it that everything goes through and that does.
  ///
  /// What the gradient is at a picture of noise decides, so that it is the same layer for all pictures.
  ///
  /// - Returns: A value of the graph; `lastSpatialLayer()` where there is none.
  /// - Throws: As `lastSpatialLayer()`; `NetworkError`.
  func lastUnevenLayer() throws -> Reading.Source {
    let last = try lastSpatialLayer()
    return try plans.value("last uneven layer") {
      var random = SplitMix64(seed: 1)
      let noise = Tensor.uniform(pictureShape, using: &random)
      let value = try network.value(of: last)
      let passages = try self.passages()
      let makers = Set(network.graph.needed(for: [value]).flatMap(\.outputs))
      let before = passages.filter { $0 != value && makers.contains($0) }
      let tried = [value] + before.suffix(Self.mostTried).reversed()
      let found = try tried.first { try isUneven(.value($0), at: noise) }
      return found.map { .value($0) } ?? last
    }
  }

  /// How many layers before the last are looked at: each takes a pass.
  private static let mostTried = 8

  /// The layers with places that everything goes through on the way to what is read, in order.
  private func passages() throws -> [String] {
    let read = Set(try objective.readings.map { try network.value(of: $0.source) })
    let nodes = network.graph.needed(for: Array(read))
    var lastReader: [String: Int] = [:]
    for (place, node) in nodes.enumerated() {
      for name in node.inputs { lastReader[name] = place }
    }
    for name in read { lastReader[name] = nodes.count }
    let (layouts, shapes) = (try layouts(), try shapes())
    var open: Set = [network.input.name]
    return nodes.enumerated().compactMap { place, node in
      guard node.inputs.contains(where: open.contains) else { return nil }
      open.formUnion(node.outputs)
      open = open.filter { lastReader[$0, default: -1] > place }
      guard open.count == 1, let value = open.first, node.outputs.contains(value),
        layouts[value]?.grid != nil, shapes[value]?[0] == pictureShape[0]
      else { return nil }
      return value
    }
  }

  /// Whether the sum of a layer's gradients over its channels differs from place to place.
  private func isUneven(_ layer: Reading.Source, at picture: Tensor) throws -> Bool {
    let gradient = try response(of: layer, at: picture).gradient
    let sums = gradient.sum(alongAxes: [1]).scalars
    let sizes = gradient.absolute().sum(alongAxes: [1])
    return (sums.max() ?? 0) - (sums.min() ?? 0) > 1e-4 * sizes.maximum
  }
}
