import Networks
import Objectives
public import Tensors

extension RegisteredMethod {
  /// What a person said, with the layers that the method makes its map of where none was named.
  ///
  /// - Of a detector's scores the maps that go into its head, fused; a method of one layer takes that of the scale which
  ///   carries what is explained in these pictures.
  /// - Of anything else see `Explained.lastSpatialLayer()`; internal influence takes one whose places differ.
  ///
  /// - Parameters:
  ///   - settings: What a person said.
  ///   - explained: What is explained.
  ///   - pictures: N×C×H×W.
  /// - Returns: The same where layers were named, and of methods that take none.
  /// - Throws: `AttributionError` where there is no layer with positions; `NetworkError`.
  public func settled(
    _ settings: Settings, in explained: Explained, at pictures: Tensor
  ) throws -> Settings {
    guard options.contains(.layer), settings.layers.isEmpty else { return settings }
    let network = explained.network
    var settled = settings
    for source in try usualLayers(explained, pictures) {
      let value = try network.value(of: source)
      let names = network.layers.filter { $0.value == value }.map(\.name) + [value]
      // The first of its names that no other layer is found by; where there is none, there is nothing to say.
      guard let name = names.first(where: { (try? network.value(of: .layer($0))) == value }) else {
        return settings
      }
      settled.layers.append(name)
    }
    return settled
  }
}

extension Explained {
  /// The layers whose maps are fused where none is named: those that go into a detector's head, one for each scale,
  /// where its scores are explained; else `lastSpatialLayer()` alone.
  func lastMaps() throws -> [Reading.Source] {
    let maps = try headMaps()
    return try maps.isEmpty ? [lastSpatialLayer()] : maps
  }

  /// Of the maps that go into a detector's head, that of the scale which carries what is explained: the last in the graph
  /// that it depends on; nil where something else is explained.
  ///
  /// A score at a place is made of its scale's map, and of those before it only as this one is made of them.
  func carryingMap(at pictures: Tensor) throws -> Reading.Source? {
    let maps = try headMaps()
    guard !maps.isEmpty else { return nil }
    let gradients = try inBatches(pictures) { part in
      try stored(maps, at: part).stored.map(\.gradient)
    }
    return zip(maps, gradients).reversed().first { $1.norm > 0 }?.0 ?? maps.last
  }

  private func headMaps() throws -> [Reading.Source] {
    try plans.value("head maps") { () -> [Reading.Source] in
      let shapes = try shapes()
      let read = try objective.readings.map { try network.value(of: $0.source) }
      guard !read.isEmpty, let scores = network.classScores(in: shapes), scores.task == .detection
      else { return [] }
      let heads = Set((scores.heads + scores.objectness).map(\.value))
      guard read.allSatisfy(heads.contains) else { return [] }
      return network.headMaps(of: scores, in: shapes).map { .value($0) }
    }
  }
}
