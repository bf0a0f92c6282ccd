public import Networks
import Objectives
public import Tensors

extension Explained {
  /// The layer that class activation maps are made of where none is named.
  ///
  /// Of a network of convolutions the last map before pooling, or what layers of another kind make of it that has all its
  /// places; of a transformer the tokens that go into its last attention, normalized: later ones that the class token is
  /// read beside have no gradient.
  ///
  /// - Returns: A value of the graph.
  /// - Throws: `AttributionError.noSpatialLayer` if there is none, `.readsNothing` where the objective reads
  ///   nothing of the network.
  public func lastSpatialLayer() throws -> Reading.Source {
    guard !objective.readings.isEmpty else {
      throw AttributionError.readsNothing(objective.name)
    }
    return try plans.value("last spatial layer") {
      let values = try objective.readings.map { try network.value(of: $0.source) }
      let shapes = try shapes()
      if let tokens = network.lastTokens(before: values, shapes: shapes) { return .value(tokens) }
      return .value(try network.lastConvolutionalValue(before: values, shapes: shapes))
    }
  }
}

extension Network {
  /// The last value before others that still has a convolution's channels and positions, after its activation and sums,
  /// before pooling; or the last sum or norm that has all places of the picture, in whatever order of axes, where that
  /// comes later.
  ///
  /// - Parameters:
  ///   - values: Values of the graph.
  ///   - inputShape: The shape of the network's input.
  /// - Returns: The name of a value of the graph.
  /// - Throws: `AttributionError.noSpatialLayer` if there is none.
  public func lastConvolutionalValue(
    before values: [String], inputShape: Shape
  ) throws -> String {
    try lastConvolutionalValue(before: values, shapes: shapes(inputShape: inputShape))
  }

  /// The same by the shapes of the graph's values.
  func lastConvolutionalValue(before values: [String], shapes: [String: Shape]) throws -> String {
    let nodes = graph.needed(for: values)
    let axes = pictureAxes(in: shapes)
    let read = axes.read(for: values, by: nodes, of: self, shapes)
    let layouts = layouts(in: shapes)
    let count = shapes[input.name]?.dimensions.first ?? 1
    // What has a convolution's positions as a map; what has them in any form.
    var (spatial, placed) = (Set<String>(), Set<String>())
    var last: String?
    for node in nodes {
      guard let output = node.outputs.first, read.contains(output), let shape = shapes[output]
      else { continue }
      let (role, positions) = (graph.role(of: node), graph.positions(of: node))
      // Of one picture; its frames or crops have no place in it together.
      let isMap =
        isMap(shape) && shape[0] == count && shape.dimensions.dropFirst(2).contains { $0 > 1 }
      let starts = role.isConvolution && isMap
      if starts || axes.hasPlaces(output) && node.inputs.contains(where: placed.contains) {
        placed.insert(output)
      }
      if endsBlock(node, role), axes.hasPlaces(output), layouts[output]?.grid != nil,
        shape[0] == count, !values.contains(output)
      {
        last = output
      }
      guard isMap else { continue }
      let continues = positions != .lost && node.inputs.contains(where: spatial.contains)
      let isMoved =
        (node.type == "Transpose" || role == .reshaping) && placed.contains(output)
        && axes.isPlane(output)
      guard starts || continues || isMoved else { continue }
      spatial.insert(output)
      // What only renames a map that was pooled is one that was pooled.
      if positions != .pooled, role != .renaming, !values.contains(output) { last = output }
    }
    guard let last else { throw noSpatialLayer(before: values, shapes) }
    return last
  }

  /// Whether a node ends what layers are put together to: a norm, or a sum of two ways.
  private func endsBlock(_ node: Node, _ role: Role) -> Bool {
    role == .normalization
      || role == .arithmetic(.addition) && node.inputs.allSatisfy { graph.constants[$0] == nil }
  }

  /// The normalized tokens that go into the last attention before some values, where attention comes after every
  /// convolution.
  ///
  /// - Parameters:
  ///   - values: Values of the graph.
  ///   - shapes: What `shapes(inputShape:)` returned.
  /// - Returns: The name of a value of the graph; `nil` where there is no attention, or its tokens have no
  ///   places.
  func lastTokens(before values: [String], shapes: [String: Shape]) -> String? {
    let layouts = layouts(in: shapes)
    let nodes = graph.needed(for: values)
    let isAttention = { (node: Node) in
      node.type.hasSuffix("Attention")
        || graph.role(of: node) == .softmax && (shapes[node.outputs[0]]?.rank ?? 0) >= 3
    }
    guard let attention = nodes.lastIndex(where: isAttention),
      !nodes[attention...].contains(where: { graph.role(of: $0).isConvolution })
    else { return nil }
    return nodes[..<attention].last { node in
      guard graph.role(of: node) == .normalization, let layout = layouts[node.outputs[0]] else {
        return false
      }
      return layout.isTokens && layout.grid != nil
        && shapes[node.outputs[0]]?[0] == shapes[input.name]?[0]
    }?.outputs[0]
  }

  /// The error that says what there is instead of a layer with positions.
  private func noSpatialLayer(
    before values: [String], _ shapes: [String: Shape]
  ) -> AttributionError {
    let layouts = layouts(in: shapes)
    let made = Set(graph.needed(for: values).flatMap(\.outputs))
    let known = layers.filter { made.contains($0.value) }.compactMap { layer in
      layouts[layer.value].map { "\(layer.name) (\($0.inWords))" }
    }
    return .noSpatialLayer(has: Array(known.suffix(3)))
  }
}
