import Imaging
import Yams

extension PlanReader {
  private static let saliencyKeys = [
    "picture", "pictures", "unit", "units", "method", "methods", "top", "fit", "caption",
  ]

  /// Reads `saliency:`, a list of photographs with what is explained in them, and how.
  mutating func saliency(_ node: Node) -> [GalleryPlan.SaliencyEntry] {
    guard let list = node.sequence, !list.isEmpty else {
      report(node, "`saliency` must be a list, each with a `picture` or `pictures`")
      return []
    }
    return list.compactMap { node in alone { $0.saliencyEntry(node) } }
  }

  private mutating func saliencyEntry(_ node: Node) -> GalleryPlan.SaliencyEntry? {
    guard let mapping = node.mapping else {
      report(node, "what is explained has keys: `picture` and, if you like, `units` and `methods`")
      return nil
    }
    var entry = GalleryPlan.SaliencyEntry(pictures: [])
    for (key, value) in mapping {
      switch key.string {
      case "picture", "pictures":
        entry.pictures += paths(value, of: key.string ?? "")
      case "unit", "units": entry.units += lines(value, of: key.string ?? "")
      case "method", "methods": entry.methods = lines(value, of: key.string ?? "")
      case "top": entry.top = top(value)
      case "fit": entry.fit = fit(value)
      case "caption": entry.caption = prose(value, of: "caption")
      default: reportUnknown(key, Self.saliencyKeys, "what is explained")
      }
    }
    if mapping["top"] != nil, !entry.units.isEmpty {
      report(
        node, "`top` is how many classes, and `units` names what is explained; say one of them")
    }
    guard !entry.pictures.isEmpty else {
      report(node, "this has no `picture`")
      return nil
    }
    return entry
  }

  /// Files' paths, from the working directory.
  mutating func paths(_ node: Node, of key: String) -> [GalleryPlan.Line] {
    lines(node, of: key).map { .init($0.text.fromFolder(of: file), line: $0.line) }
  }

  /// A text, or a list of them, each with its line.
  mutating func lines(_ node: Node, of key: String) -> [GalleryPlan.Line] {
    let nodes = node.sequence.map(Array.init) ?? [node]
    return nodes.compactMap { node in
      text(node, of: key).map { .init($0, line: node.mark?.line) }
    }
  }

  private mutating func top(_ node: Node) -> Int {
    if let top = node.scalar.flatMap({ Int($0.string) }), (1...100).contains(top) { return top }
    report(node, "`top` must be a whole number from 1 to 100")
    return 1
  }

  mutating func fit(_ node: Node) -> String {
    let fits = Framing.Fit.allCases.map(\.rawValue)
    if let fit = node.scalar?.string, fits.contains(fit) { return fit }
    report(node, "`fit` must be one of \(fits.joined(separator: ", "))")
    return fits[0]
  }
}
