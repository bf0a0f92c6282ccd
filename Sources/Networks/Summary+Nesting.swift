extension Network.Summary {
  /// The layers without those that are only another name for the block that they end, or for what they
  /// reshape.
  package var distinctLayers: [Network.LayerSummary] {
    var values = Set<String>(minimumCapacity: layers.count)
    return layers.reversed().filter { values.insert($0.layer.value).inserted }.reversed()
  }

  /// As many levels of the layers' names as there is room for, the outermost at least.
  ///
  /// - Parameters:
  ///   - some: Some of the layers.
  ///   - room: How many there is room for.
  /// - Returns: Those of them that stand outermost.
  package func outermost(
    _ some: [Network.LayerSummary], fitting room: Int
  ) -> [Network.LayerSummary] {
    let blocks = Set(layers.filter(\.isBlock).map(\.layer.name))
    guard some.count > room, !blocks.isEmpty else { return some }
    let depths = some.map { layer in
      let parts = layer.layer.name.split(separator: ".")
      return (1..<min(64, max(1, parts.count))).count {
        blocks.contains(parts[..<$0].joined(separator: "."))
      }
    }
    let depth =
      (0...(depths.max() ?? 0)).last { limit in depths.count { $0 <= limit } <= room } ?? 0
    return zip(some, depths).filter { $0.1 <= depth }.map(\.0)
  }
}
