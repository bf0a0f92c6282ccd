import Networks
import Portraits
import Visualization

/// The page of a gallery: one file, without anything from the network.
///
/// Nothing on it depends on the day or on the machine: the same gallery gives the same bytes.
struct Page {
  private let gallery: Gallery
  private let results: Results
  private let sections: [PageSection]
  /// The items that have a picture, as the page shows them; each once.
  private let shown: [Int]

  init(_ gallery: Gallery, _ results: Results) {
    self.gallery = gallery
    self.results = results
    sections = PageSection.all(of: gallery)
    var seen = Set<Int>()
    shown = sections.flatMap(\.indices).filter {
      results.records[$0] != nil && seen.insert($0).inserted
    }
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
    \(finder)\(sections.map(section).joined(separator: "\n"))
    \(PageSheets(gallery).html)</main>
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
    let facts = [
      ("Network", gallery.network.name), ("Pictures", pictureCount),
      ("Made with", gallery.provenance.software),
    ].map { "<div><dt>\($0.0)</dt><dd>\(HTML.escaped($0.1))</dd></div>" }
    return """
      <header>
      <h1>\(HTML.escaped(gallery.title))</h1>
      \(HTML.paragraphs(description))
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
    let links = sections.map { "<a href=\"#\($0.anchor)\">\(HTML.escaped($0.title))</a>" }
    return "<nav aria-label=\"sections\">\(links.joined(separator: "\n"))</nav>"
  }

  /// What finds pictures; hidden unless the page's script runs.
  private var finder: String {
    guard gallery.items.count > 1 else { return "" }
    let options = sections.map {
      "<option value=\"\($0.anchor)\">\(HTML.escaped($0.title))</option>"
    }
    let choice = """
      <label>Section <select name="section"><option value="">all</option>\
      \(options.joined())</select></label>
      """
    return """
      <form class="find" role="search" hidden>
      <label>Search <input type="search" name="words" autocomplete="off" spellcheck="false" \
      aria-keyshortcuts="/"></label>
      \(sections.count > 1 ? choice : "")
      <output aria-live="polite"></output>
      </form>

      """
  }

  // MARK: Pictures

  private func section(_ section: PageSection) -> String {
    """
    <section id="\(section.anchor)">
    <h2\(section.isCode ? " class=\"code\"" : "")>\(HTML.escaped(section.title))\
    <small>\(section.indices.count)</small></h2>
    \(section.description.map { HTML.paragraphs($0, class: "about") + "\n" } ?? "")\
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
        <figcaption><b>\(title)</b>\(caption(of: item))<span>\(state)</span></figcaption></figure>
        """
    }
    return """
      <figure><a href="#\(identifier(of: index))">\(image(index))</a>\
      <figcaption><b>\(title)</b>\(caption(of: item))<span>\(HTML.escaped(record.caption))</span>\
      </figcaption></figure>
      """
  }

  /// What the plan has under a picture.
  private func caption(of item: GalleryItem) -> String {
    item.caption.map { HTML.paragraphs($0, class: "caption") } ?? ""
  }

  private func image(_ index: Int) -> String {
    let item = gallery.items[index]
    let size = item.shownSize(in: gallery.network)
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
      <div class="large" id="\(identifier(of: index))" role="dialog" aria-modal="true" tabindex="-1" \
      aria-label="\(HTML.escaped(item.title))">\
      <a class="close" href="#-" aria-label="close"></a>\
      <figure>\(image(index))<figcaption><h3>\(HTML.escaped(item.heading))</h3>\
      \(caption(of: item))\
      \(PageAppendix.facts(item, record))\
      <p><a href="\(HTML.address(item.fileName))">\(HTML.escaped(item.fileName))</a></p>\
      <code>\(HTML.escaped(gallery.commands[index]))</code></figcaption></figure>\
      \(link(-1, "previous", "‹"))\(link(1, "next", "›"))</div>
      """
  }
}
