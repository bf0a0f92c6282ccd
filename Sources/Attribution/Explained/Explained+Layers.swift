public import Networks
import Objectives
public import Tensors

/// What a layer shows of pictures, and how the objective depends on it.
public struct LayerResponse {
  /// The layer.
  public let layer: Reading.Source
  /// What the layer yields, N×C×h×w; N×C×1×1 of a layer that has channels alone.
  ///
  /// Tokens that have no place in the picture are left out.
  public let activation: Tensor
  /// The gradient of each picture's objective with respect to it, of the same shape.
  public let gradient: Tensor
  /// Whether the layer has columns and rows.
  public let hasPositions: Bool
}

extension Explained {
  /// Activations and gradients of layers, each on its grid.
  ///
  /// - Parameters:
  ///   - layers: The layers.
  ///   - pictures: N×C×H×W.
  ///   - rule: How gradients pass rectifiers.
  /// - Returns: One response a layer.
  /// - Throws: `NetworkError`; `AttributionError.unconnected` where the objective does not depend on a layer,
  ///   `.noPositions` where its numbers are neither channels nor on a grid;
  ///   `ObjectiveError.severalMaps`.
  public func responses(
    of layers: [Reading.Source], at pictures: Tensor, rule: GradientRule = .standard
  ) throws -> [LayerResponse] {
    let known = try self.layouts()
    let layouts = try layers.map { known[try network.value(of: $0)] }
    for layer in layers { try checkIsOneMap(layer) }
    let tensors = try inBatches(pictures) { pictures in
      try stored(layers, at: pictures, rule: rule).stored.flatMap { [$0.activation, $0.gradient] }
    }
    return try layers.indices.map { index in
      func grid(_ tensor: Tensor) throws -> Tensor {
        if layouts[index]?.grid != nil { return layouts[index]?.grid(of: tensor) ?? tensor }
        guard tensor.shape.rank == 2 else {
          throw AttributionError.noPositions(layer: layers[index].title)
        }
        return tensor.reshaped([tensor.shape[0], tensor.shape[1], 1, 1])
      }
      return LayerResponse(
        layer: layers[index], activation: try grid(tensors[2 * index]),
        gradient: try grid(tensors[2 * index + 1]), hasPositions: layouts[index]?.grid != nil)
    }
  }

  /// Activation and gradient of one layer, on its grid.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - pictures: N×C×H×W.
  ///   - rule: How gradients pass rectifiers.
  /// - Returns: The response.
  /// - Throws: As `responses(of:at:rule:)`.
  public func response(
    of layer: Reading.Source, at pictures: Tensor, rule: GradientRule = .standard
  ) throws -> LayerResponse {
    try responses(of: [layer], at: pictures, rule: rule)[0]
  }

  /// Activation and gradient of the layer of a name, on its grid.
  ///
  /// - Parameters:
  ///   - layer: The layer's name.
  ///   - pictures: N×C×H×W.
  ///   - rule: How gradients pass rectifiers.
  /// - Returns: The response.
  /// - Throws: As `responses(of:at:rule:)`.
  public func response(
    of layer: String, at pictures: Tensor, rule: GradientRule = .standard
  ) throws -> LayerResponse {
    try response(of: .layer(layer), at: pictures, rule: rule)
  }

  /// Activation and gradient of a layer as the graph has them.
  struct Stored {
    let activation: Tensor
    let gradient: Tensor
  }

  /// Activations and gradients as the graph has them, of pictures that go through it together.
  ///
  /// - Parameters:
  ///   - layers: The layers.
  ///   - pictures: N×C×H×W.
  ///   - rule: How gradients pass rectifiers.
  ///   - counts: Whether the objective is differentiated through a reading.
  /// - Returns: One a layer, and the objective's values and derivatives.
  /// - Throws: `NetworkError`; `AttributionError.unconnected`.
  func stored(
    _ layers: [Reading.Source], at pictures: Tensor, rule: GradientRule = .standard,
    through counts: (Reading) throws -> Bool = { _ in true }
  ) throws -> (stored: [Stored], slope: Slope) {
    try checkConnected(layers)
    guard let plan = try plan(pictures.shape[0], rule: rule, layers: layers) else {
      throw AttributionError.unconnected(layer: layers.first?.title ?? "")
    }
    let results = try plan.forward(pictures)
    let count = objective.readings.count
    let slope = try slope(at: pictures, activations: Array(results.prefix(count)))
    let seeds = try zip(objective.readings, slope.byActivations).map { try counts($0) ? $1 : nil }
    _ = try plan.backward(seeds + layers.map { _ in nil })
    let stored = try layers.indices.map { index in
      guard let gradient = plan.observedGradient(index) else {
        throw AttributionError.unconnected(layer: layers[index].title)
      }
      let activation = results[count + index]
      return Stored(activation: activation, gradient: gradient.reshaped(activation.shape))
    }
    return (stored, slope)
  }

  /// Hands on the gradients of layers as the graph has them, of pictures that go through it together: of feature maps one by
  /// one, of layers computed as tensors at the end.
  ///
  /// - Parameters:
  ///   - layers: The layers.
  ///   - pictures: N×C×H×W.
  ///   - use: Takes a layer's place among them and its gradient; of feature maps the last come first.
  /// - Throws: `NetworkError`, what `use` throws; `AttributionError.unconnected`.
  func gradients(
    of layers: [Reading.Source], at pictures: Tensor, use: (Int, Tensor) throws -> Void
  ) throws {
    try checkConnected(layers)
    guard let plan = try plan(pictures.shape[0], layers: layers, showing: false) else {
      throw AttributionError.unconnected(layer: layers.first?.title ?? "")
    }
    let slope = try slope(at: pictures, activations: try plan.forward(pictures))
    var missing = Set(layers.indices)
    try plan.backward(slope.byActivations) { index, gradient in
      missing.remove(index)
      try use(index, gradient)
    }
    if let index = missing.min() {
      throw AttributionError.unconnected(layer: layers[index].title)
    }
  }

  /// Throws where a layer does not come before what the objective reads.
  private func checkConnected(_ layers: [Reading.Source]) throws {
    let made = try plans.value("made") {
      let read = try objective.readings.map { try network.value(of: $0.source) }
      return Set(network.graph.needed(for: read).flatMap(\.outputs) + read)
    }
    for layer in layers {
      let value = try network.value(of: layer)
      if made.contains(value) { continue }
      if let whole = network.graph.wholes[value], made.contains(whole) {
        let name = network.layers.first { $0.value == whole }?.name ?? whole
        throw AttributionError.within(layer: layer.title, whole: name)
      }
      throw AttributionError.unconnected(layer: layer.title)
    }
  }

  /// Bytes of the network's weights as plans pack them, once for each way.
  func weightBytes(differentiable: Bool) -> Int {
    let scalars = plans.value("weights") {
      network.graph.constants.values.reduce(0) { $0 + $1.count }
    }
    return scalars * MemoryLayout<Float>.stride * (differentiable ? 2 : 1)
  }

  /// Whether the network has so many weights, 64 MB, that a copy of them for each way is too much.
  package var packsInUse: Bool { weightBytes(differentiable: false) > 64_000_000 }

  /// The plan for so many pictures at a time; `nil` where nothing is read of the network.
  ///
  /// With layers its way back goes no farther than they do, and what they yield is shown unless said otherwise.
  func plan(
    _ count: Int, rule: GradientRule = .standard, layers: [Reading.Source] = [],
    showing: Bool = true, differentiable: Bool = true
  ) throws -> Plan? {
    let readings = objective.readings + (showing ? layers.map { Reading($0) } : [])
    guard !objective.readings.isEmpty else { return nil }
    let key = PlanCache.Key(
      count: count, rule: rule, layers: layers, showsLayers: showing,
      differentiable: differentiable)
    return try plans.plan(key, weights: weightBytes(differentiable: differentiable)) {
      try network.plan(
        inputShape: batchShape(count), readings: readings, feed: feed, rule: rule,
        observing: layers, differentiable: differentiable,
        packsInUse: packsInUse, stopsAtObserved: !layers.isEmpty, threads: threads)
    }
  }
}
