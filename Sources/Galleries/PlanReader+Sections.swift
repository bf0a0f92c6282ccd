import Files
import Yams

extension PlanReader {
  private static let sectionKeys = ["title", "description", "pictures"]

  /// Reads `sections:`, each a title with pictures of its own, into a plan.
  mutating func sections(_ node: Node, into plan: inout GalleryPlan) {
    guard let list = node.sequence, !list.isEmpty else {
      report(node, "`sections` must be a list of sections, each with a `title` and `pictures`")
      return
    }
    for node in list { section(node, into: &plan) }
  }

  private mutating func section(_ node: Node, into plan: inout GalleryPlan) {
    guard let mapping = node.mapping else {
      report(
        node, "a section consists of keys: `title`, `pictures` and, if you like, `description`")
      return
    }
    var section = GalleryPlan.Section(title: "")
    let place = plan.sections.count
    for (key, value) in mapping {
      switch key.string {
      case "title": section.title = text(value, of: "title")?.withVisibleControls ?? ""
      case "description": section.description = prose(value, of: "description")
      case "pictures":
        plan.entries += entries(value).map { entry in
          var entry = entry
          entry.section = place
          return entry
        }
      default: reportUnknown(key, Self.sectionKeys, "a section")
      }
    }
    for key in ["title", "pictures"] where mapping[key] == nil {
      report(node, "this section has no `\(key)`")
    }
    plan.sections.append(section)
  }

  /// A text in which links are allowed.
  mutating func prose(_ node: Node, of key: String) -> String? {
    guard let text = text(node, of: key)?.withVisibleControlsInLines else { return nil }
    do {
      _ = try Prose(text)
    } catch {
      report(node, "`\(key)`: \(error)")
    }
    return text
  }
}
