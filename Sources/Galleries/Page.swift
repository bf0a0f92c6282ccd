import Networks
import Portraits
import Visualization

/// The page of a gallery: one file, without anything from the network.
///
/// Nothing on it depends on the day or on the machine: the same gallery gives the same bytes.
struct Page {
  private let gallery: Gallery
  private let results: Results
  private let sections: [Section]
  /// The items that have a picture, as the page shows them.
  private let shown: [Int]

  /// Pictures of one part of the network, by their places in the gallery.
  private struct Section {
    let group: GalleryItem.Group
    var indices: [Int]
  }

  init(_ gallery: Gallery, _ results: Results) {
    self.gallery = gallery
    self.results = results
    var sections: [Section] = []
    var places: [GalleryItem.Group: Int] = [:]
    for (index, item) in gallery.items.enumerated() {
      if let place = places[item.group] {
        sections[place].indices.append(index)
      } else {
        places[item.group] = sections.count
        sections.append(Section(group: item.group, indices: [index]))
      }
    }
    self.sections = sections
    shown = sections.flatMap(\.indices).filter { results.records[$0] != nil }
  }

  /// The page.
  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="\(HTML.escaped(gallery.provenance.software))">
    <title>\(HTML.escaped(gallery.title))</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    \(header)
    <main>
    \(sections.map(section).joined(separator: "\n"))
    </main>
    \(PageAppendix(gallery, results).html)
    \(shown.indices.map(large).joined(separator: "\n"))
    <script>
    \(Self.script)
    </script>
    </body>
    </html>

    """
  }

  // MARK: The top

  private var header: String {
    let description =
      gallery.plan.description
      ?? "Each of these pictures was made to excite one part of a neural network, from noise and by "
      + "nothing but the network’s own gradient. What they have in common with the world is what the "
      + "network has learnt of it."
    let paragraphs = description.split(separator: "\n").map { "<p>\(HTML.escaped(String($0)))</p>" }
    let facts = [
      ("Network", gallery.network.name), ("Pictures", pictureCount),
      ("Made with", gallery.provenance.software),
    ].map { "<div><dt>\($0.0)</dt><dd>\(HTML.escaped($0.1))</dd></div>" }
    return """
      <header>
      <h1>\(HTML.escaped(gallery.title))</h1>
      \(paragraphs.joined(separator: "\n"))
      <dl>\(facts.joined())</dl>
      \(navigation)
      </header>
      """
  }

  private var pictureCount: String {
    let made = results.records.count { $0 != nil }
    return made == gallery.items.count ? "\(made)" : "\(made) of \(gallery.items.count)"
  }

  private var navigation: String {
    guard sections.count > 1 else { return "" }
    let links = sections.map { section in
      "<a href=\"#\(anchor(of: section))\">\(HTML.escaped(section.group.title(in: gallery.network)))</a>"
    }
    return "<nav>\(links.joined(separator: "\n"))</nav>"
  }

  // MARK: Pictures

  private func anchor(of section: Section) -> String {
    "part-\((sections.firstIndex { $0.group == section.group } ?? 0) + 1)"
  }

  private func section(_ section: Section) -> String {
    let title = HTML.escaped(section.group.title(in: gallery.network))
    var isCode = false
    if case .layer = section.group { isCode = true }
    return """
      <section id="\(anchor(of: section))">
      <h2\(isCode ? " class=\"code\"" : "")>\(title)<small>\(section.indices.count)</small></h2>
      <div class="grid">
      \(section.indices.map(figure).joined(separator: "\n"))
      </div>
      </section>
      """
  }

  private func figure(_ index: Int) -> String {
    let item = gallery.items[index]
    let title = HTML.escaped(item.title)
    guard let record = results.records[index] else {
      let state = results.failures[index] == nil ? "not made yet" : "could not be made"
      return """
        <figure class="absent"><div></div>\
        <figcaption><b>\(title)</b><span>\(state)</span></figcaption></figure>
        """
    }
    return """
      <figure><a href="#\(identifier(of: index))">\(image(index))</a>\
      <figcaption><b>\(title)</b><span>\(HTML.escaped(record.caption))</span></figcaption></figure>
      """
  }

  private func image(_ index: Int) -> String {
    let item = gallery.items[index]
    let size = item.shownSize(channels: gallery.network.inputChannels ?? 3)
    return """
      <img src="\(HTML.address(item.fileName))" width="\(size.width)" height="\(size.height)" \
      loading="lazy" decoding="async" alt="\(HTML.escaped(item.alternative))">
      """
  }

  /// A name for the enlarged picture, so that a link can lead to it.
  private func identifier(of index: Int) -> String {
    "p-"
      + HTML.address(String(gallery.items[index].fileName.dropLast(".png".count)))
      .replacing("%", with: ".")
  }

  /// The picture enlarged, which the page shows when its address ends in the picture's name.
  private func large(_ place: Int) -> String {
    let index = shown[place]
    guard let record = results.records[index] else { return "" }
    let item = gallery.items[index]
    func link(_ offset: Int, _ name: String, _ sign: String) -> String {
      guard shown.indices.contains(place + offset) else { return "" }
      let target = identifier(of: shown[place + offset])
      return "<a class=\"\(name)\" href=\"#\(target)\" aria-label=\"\(name)\">\(sign)</a>"
    }
    return """
      <div class="large" id="\(identifier(of: index))" role="dialog" \
      aria-label="\(HTML.escaped(item.title))">\
      <a class="close" href="#-" aria-label="close"></a>\
      <figure>\(image(index))<figcaption><h3>\(HTML.escaped(item.heading))</h3>\
      \(PageAppendix.facts(item, record))\
      <code>\(HTML.escaped(gallery.commands[index]))</code></figcaption></figure>\
      \(link(-1, "previous", "‹"))\(link(1, "next", "›"))</div>
      """
  }
}
