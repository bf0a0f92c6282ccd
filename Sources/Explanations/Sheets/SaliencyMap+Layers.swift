import Attribution

extension [SaliencyMap] {
  /// Which layers the maps are made of: `Layer: mixed5b; of internal-influence: mixed5a.`; nil where none is made of any.
  ///
  /// The layers of most maps stand first, others behind the names of their methods; where a method has several layers for
  /// several things, behind those things: `Layers: mixed5b; of box 2 by layer-conductance: mixed5a.`
  public var layersInWords: String? {
    let made = filter { !$0.layers.isEmpty }
    let groups = Dictionary(grouping: made, by: \.layers)
    let order = made.map(\.layers).uniqued
    guard let most = order.max(by: { groups[$0]?.count ?? 0 < groups[$1]?.count ?? 0 }) else {
      return nil
    }
    let others = order.filter { $0 != most }.map { layers in
      "; of \(Self.names(of: groups[layers] ?? [], among: made)): \(layers.joined(separator: ", "))"
    }
    return "Layer\(most.count == 1 ? "" : "s"): \(most.joined(separator: ", "))\(others.joined())."
  }

  /// The methods of maps of one list of layers, and what they explain where the same method has others elsewhere.
  private static func names(of maps: [SaliencyMap], among all: [SaliencyMap]) -> String {
    maps.map { map in
      let name = map.method.registered.name
      let isOnly = all.allSatisfy {
        $0.method.registered.name != name || $0.layers == map.layers
      }
      return isOnly ? name : "\(map.subject.title) by \(name)"
    }.uniqued.joined(separator: ", ")
  }
}
