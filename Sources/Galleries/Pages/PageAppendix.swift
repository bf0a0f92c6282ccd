import Networks
package import Portraits
import Visualization

/// What stands below the pictures: how they were made, what is missing, and the plan.
struct PageAppendix {
  private let gallery: Gallery
  private let results: Results

  init(_ gallery: Gallery, _ results: Results) {
    (self.gallery, self.results) = (gallery, results)
  }

  /// The part of the page.
  var html: String {
    """
    <section class="appendix">
    <h2>How these pictures were made</h2>
    <p>By gradient ascent on the picture itself: starting from faint noise, it is changed step by step so \
    that the unit responds more strongly, while small random shifts, turns and changes of size keep it \
    from exploiting single pixels. Numbers below a picture are the unit’s activation for the first and \
    the last picture, and for a class the probability that the network gives it.</p>
    <table>
    \(rows.map { "<tr><th>\($0.0)</th><td>\($0.1)</td></tr>" }.joined(separator: "\n"))
    </table>
    \(missing)\(plan)</section>
    """
  }

  private var rows: [(String, String)] {
    var rows = [
      ("Command", "<code>\(HTML.escaped(gallery.provenance.command))</code>"),
      ("Network", HTML.escaped(gallery.network.name)),
    ]
    if !gallery.network.sha256.isEmpty {
      rows.append(("SHA-256", "<code>\(gallery.network.sha256)</code>"))
    }
    rows += Self.settings(of: gallery.items).map { ($0.0, HTML.escaped($0.1)) }
    if results.records.contains(where: { $0 != nil }) {
      rows.append(("All at once", "<a href=\"contact-sheet.png\">contact-sheet.png</a>"))
    }
    return rows
  }

  private var missing: String {
    var reasons = results.failures.sorted { $0.key < $1.key }.map { index, reason in
      (gallery.items[index].title, reason)
    }
    for problem in gallery.refused?.problems ?? [] {
      // What follows the first line points at a place in it, which takes letters of one width.
      let reason = problem.message.prefix { $0 != "\n" }
      reasons.append((problem.line.map { "line \($0) of the plan" } ?? "the plan", String(reason)))
    }
    guard !reasons.isEmpty else { return "" }
    let items = reasons.map { title, reason in
      "<li><b>\(HTML.escaped(title))</b>: \(HTML.escaped(reason.withoutFolders))</li>"
    }
    return """
      <h2>What could not be made</h2>
      <ul>
      \(items.joined(separator: "\n"))
      </ul>

      """
  }

  private var plan: String {
    guard !gallery.plan.source.isEmpty else { return "" }
    return """
      <details><summary>The plan</summary>
      <pre>\(HTML.escaped(gallery.plan.source.withoutFolders))</pre></details>

      """
  }

  /// What all pictures have in common, in words; nothing of what differs.
  private static func settings(of items: [GalleryItem]) -> [(String, String)] {
    guard let first = items.first else { return [] }
    return GalleryPlan.settings.compactMap { setting in
      guard let value = setting.text(in: first.recipe), value != "0",
        items.allSatisfy({ setting.text(in: $0.recipe) == value })
      else { return nil }
      return (setting.title, value)
    }
  }

  /// What is known of one picture.
  static func facts(_ item: GalleryItem, _ record: PortraitRecord) -> [(String, String)] {
    var facts = record.facts
    facts.append(("Seed", "\(item.recipe.seed)"))
    facts.append(("Steps", "\(item.recipe.steps)"))
    if !item.variant.isEmpty, !item.variant.hasPrefix("seed") {
      facts.append(("Variant", item.variant))
    }
    return facts
  }
}

extension GalleryItem.Group {
  /// What stands above the pictures.
  func title(in network: Network) -> String {
    switch self {
    case .logits:
      switch network.numbers ?? .classes {
      case .classes: "Classes"
      case .embedding: "Dimensions"
      case .values: "Values"
      }
    case .layer(let name): name
    case .wholeLayers: "Whole layers"
    case .objectives: "Combinations"
    }
  }
}

extension GalleryItem {
  /// The picture in words, for those who do not see it.
  package var alternative: String {
    guard case .unit(let unit) = subject.kind else { return "A picture for \(title)." }
    return switch unit.kind {
    case .logit, .score:
      title == unit.description || unit.numbers != .classes
        ? "A picture that excites \(unit.description)."
        : "A picture that excites the class \(title)."
    case .channel, .neuron, .classToken: "A picture that excites \(unit.description)."
    case .layer: "A picture that excites all of the layer \(title)."
    }
  }

  /// What stands over the enlarged picture.
  package var heading: String {
    let description = subject.description.prefix(1).uppercased() + subject.description.dropFirst()
    return variant.isEmpty ? description : "\(description), \(variant)"
  }

  /// The size of one picture; the network's, once items are made, is settled.
  private var size: PictureSize { recipe.size ?? PictureSize(height: 224, width: 224) }

  /// The pixels of the picture's file.
  ///
  /// - Parameter network: The network.
  /// - Returns: Height and width.
  func shownSize(in network: Network) -> PictureSize {
    network.shownSize(of: size, count: recipe.batch, scale: scale, bands: recipe.bands)
  }

  /// How many times its size the picture is saved: as asked for, or a whole number that leads to about
  /// 256 pixels.
  package var scale: Int { recipe.scale ?? size.enlargement(to: 256) }
}

extension PortraitRecord {
  /// The unit's value before and after.
  package var way: String { Float.way(from: before, to: after) }

  /// What stands below the title of a picture.
  package var caption: String {
    way + (probability.map { " · \($0.percent)" } ?? "") + (isOneColor ? " · of one colour" : "")
  }

  /// What was reached: names and values.
  package var facts: [(String, String)] {
    [("Activation", way)] + (probability.map { [("Probability", $0.percent)] } ?? [])
      + (isOneColor ? [("Picture", "of one colour: nothing to be seen")] : [])
  }
}
