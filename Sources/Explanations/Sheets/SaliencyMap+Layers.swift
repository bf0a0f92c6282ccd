import Attribution

extension [SaliencyMap] {
  /// Which layers the maps are made of: `Layer: mixed5b; of internal-influence: mixed5a.`; nil where none is made of any.
  ///
  /// The layers of most methods stand first, others behind the names of theirs.
  public var layersInWords: String? {
    var methods: [[String]: [String]] = [:]
    var order: [[String]] = []
    for map in self where !map.layers.isEmpty {
      if methods[map.layers] == nil { order.append(map.layers) }
      if methods[map.layers]?.contains(map.method.registered.name) != true {
        methods[map.layers, default: []].append(map.method.registered.name)
      }
    }
    guard
      let most = order.max(by: { methods[$0]?.count ?? 0 < methods[$1]?.count ?? 0 })
    else { return nil }
    let others = order.filter { $0 != most }.map { layers in
      "; of \((methods[layers] ?? []).joined(separator: ", ")): \(layers.joined(separator: ", "))"
    }
    return "Layer\(most.count == 1 ? "" : "s"): \(most.joined(separator: ", "))\(others.joined())."
  }
}
