import Explanations
import Yams

extension PlanReader {
  /// Reads `dreams:`, a list of photographs with the units that dream on them.
  mutating func dreams(_ node: Node) -> [GalleryPlan.DreamEntry] {
    list(node, "dreams", "`picture` and `units`") { $0.dream($1) }
  }

  private mutating func dream(_ mapping: Node.Mapping) -> GalleryPlan.DreamEntry? {
    var entry = GalleryPlan.DreamEntry(pictures: [], units: [])
    for (key, value) in mapping {
      switch key.string {
      case "picture", "pictures": entry.pictures += paths(value, of: key.string ?? "")
      case "unit", "units": entry.units += lines(value, of: key.string ?? "")
      case "caption": entry.caption = prose(value, of: "caption")
      case let name? where PhotographDream.settings.contains { $0.name == name }:
        take(value, for: name, into: &entry.dream)
      default:
        reportUnknown(
          key,
          ["picture", "pictures", "unit", "units", "caption"]
            + PhotographDream.settings.map(\.name), "a dream")
      }
    }
    if let conflict = entry.dream.conflict(naming: { "`\($0)`" }) {
      report(.mapping(mapping), conflict)
    }
    return entry.pictures.isEmpty || entry.units.isEmpty ? nil : entry
  }

  /// Reads `grids:`, a list of photographs with the layers that see them.
  mutating func grids(_ node: Node) -> [GalleryPlan.GridEntry] {
    list(node, "grids", "`picture` and `layers`") { $0.grid($1) }
  }

  private mutating func grid(_ mapping: Node.Mapping) -> GalleryPlan.GridEntry? {
    var entry = GalleryPlan.GridEntry(pictures: [], layers: [])
    for (key, value) in mapping {
      switch key.string {
      case "picture", "pictures": entry.pictures += paths(value, of: key.string ?? "")
      case "layer", "layers": entry.layers += lines(value, of: key.string ?? "")
      case "components": entry.grid.showsComponents = flag(value, of: "components")
      case "background": entry.grid.showsBackground = flag(value, of: "background")
      case "fit": entry.fit = fit(value)
      case "caption": entry.caption = prose(value, of: "caption")
      case let name? where PhotographGrid.settings.contains { $0.name == name }:
        take(value, for: name, into: &entry.grid)
      default:
        reportUnknown(
          key,
          [
            "picture", "pictures", "layer", "layers", "components", "background", "fit", "caption",
          ] + PhotographGrid.settings.map(\.name), "a grid")
      }
    }
    if let conflict = entry.grid.conflict(naming: { "`\($0)`" }) {
      report(.mapping(mapping), conflict)
    }
    return entry.pictures.isEmpty || entry.layers.isEmpty ? nil : entry
  }

  /// The entries of a list, each a group of keys.
  private mutating func list<Entry>(
    _ node: Node, _ key: String, _ needed: String,
    _ read: (inout Self, Node.Mapping) -> Entry?
  ) -> [Entry] {
    guard let list = node.sequence, !list.isEmpty else {
      report(node, "`\(key)` must be a list, each with \(needed)")
      return []
    }
    return list.compactMap { node in
      alone { reader in
        let entry = node.mapping.flatMap { read(&reader, $0) }
        if entry == nil { reader.report(node, "this needs \(needed)") }
        return entry
      }
    }
  }

  private mutating func take(
    _ node: Node, for name: String, into request: inout some NumberedRequest
  ) {
    do {
      try request.take(node.scalar?.string ?? "", for: name)
    } catch let error as NumberSettingError {
      report(node, "`\(name)` is \(described(node)) and must be \(error.expected)")
    } catch {
      report(node, "`\(name)`: \(error)")
    }
  }

  private mutating func flag(_ node: Node, of key: String) -> Bool {
    if let flag = node.bool { return flag }
    report(node, "`\(key)` is \(described(node)) and must be true or false")
    return false
  }
}
