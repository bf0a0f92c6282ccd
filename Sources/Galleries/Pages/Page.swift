import Networks
import Portraits
import Visualization

/// The first page of a gallery; every picture has one of its own behind it (`PicturePage`).
///
/// Nothing on it depends on the day or on the machine: the same gallery gives the same bytes.
struct Page {
  let gallery: Gallery
  let results: Results
  /// Whether every picture has a page of its own already; until then pictures lead to their files.
  let isFinished: Bool
  let sections: [PageSection]
  /// The items that have a picture, as the page shows them; each once.
  let shown: [Int]

  init(_ gallery: Gallery, _ results: Results, isFinished: Bool) {
    (self.gallery, self.results, self.isFinished) = (gallery, results, isFinished)
    sections = PageSection.all(of: gallery)
    var seen = Set<Int>()
    shown = sections.flatMap(\.indices).filter {
      results.records[$0] != nil && seen.insert($0).inserted
    }
  }

  /// The page.
  var html: String {
    var frame = PageFrame(
      title: gallery.title, description: "What parts of \(gallery.network.name) look for.", depth: 0
    )
    frame.isStatic = true
    frame.example = "a picture"
    frame.image = shown.first.map { HTML.address(gallery.items[$0].fileName) }
    frame.data = [(Self.mark, "")]
    return frame.html(
      """
      \(header)
      \(filter)<div data-keys>
      \(sections.map(section).joined(separator: "\n"))
      </div>
      \(PageSheets(gallery).html)\(PageAppendix(gallery, results).html)
      """, by: gallery.provenance.software)
  }

  /// What the page says of itself, so that it is told from those of a microscope.
  static let mark = "gallery"

  // MARK: The top

  private var header: String {
    // A plan of photographs alone has no such pictures.
    let isOfPictures = !gallery.items.isEmpty
    let usual =
      "Each of these pictures was made to excite one part of a neural network, from noise and by "
      + "nothing but the network’s own gradient. What they have in common with the world is what the "
      + "network has learnt of it."
    let description = gallery.plan.description ?? (isOfPictures ? usual : "")
    let lead = description.isEmpty ? "" : HTML.paragraphs(description, class: "lead") + "\n"
    let count = isOfPictures ? [("Pictures", pictureCount)] : []
    return """
      <h1>\(HTML.escaped(gallery.title))</h1>
      \(lead)\(PagePart.facts([("Network", gallery.network.name)] + count))
      \(navigation)
      """
  }

  private var pictureCount: String {
    let made = results.records.count { $0 != nil }
    return made == gallery.items.count ? "\(made)" : "\(made) of \(gallery.items.count)"
  }

  private var navigation: String {
    guard sections.count > 1 else { return "" }
    let links = sections.map { "<a href=\"#\($0.anchor)\">\(HTML.escaped($0.title))</a>" }
    return
      "<nav class=\"sections\" aria-label=\"Sections\">\(links.joined(separator: "\n"))</nav>"
  }

  /// What leaves out pictures; hidden unless the page's script runs.
  private var filter: String {
    guard gallery.items.count > 1 else { return "" }
    let options = sections.map {
      "<option value=\"\($0.anchor)\">\(HTML.escaped($0.title))</option>"
    }
    let choice = """
      <label>Section <select name="section"><option value="">all</option>\
      \(options.joined())</select></label>
      """
    return """
      <form class="filter" role="search" aria-label="Pictures on this page" hidden>
      <label>Only <input type="search" name="words" autocomplete="off" spellcheck="false"></label>
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
    \(section.description.map { HTML.paragraphs($0, class: "note") + "\n" } ?? "")\
    <div class="grid pictures">
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
        <figure class="icon"><span class="blank" role="img" aria-label="\(title): \(state)"></span>\
        <figcaption><b>\(title)</b>\(caption(of: item))<span>\(state)</span></figcaption></figure>
        """
    }
    let address = isFinished ? item.pageName : item.fileName
    return """
      <figure class="icon"><a href="\(HTML.address(address))">\(image(item))</a>\
      <figcaption><b>\(title)</b>\(caption(of: item))<span>\(HTML.escaped(record.caption))</span>\
      </figcaption></figure>
      """
  }

  /// What the plan has under a picture.
  func caption(of item: GalleryItem) -> String {
    item.caption.map { HTML.paragraphs($0, class: "caption") } ?? ""
  }

  /// A picture, as the page or one of its own shows it.
  func image(_ item: GalleryItem, class name: String? = nil) -> String {
    let size = item.shownSize(in: gallery.network)
    return """
      <img\(name.map { " class=\"\($0)\"" } ?? "") src="\(HTML.address(item.fileName))" \
      width="\(size.width)" height="\(size.height)" \
      loading="lazy" decoding="async" alt="\(HTML.escaped(item.alternative))">
      """
  }
}

extension GalleryItem {
  /// The name of its page in the gallery's folder.
  var pageName: String { fileName.dropLast("png".count) + "html" }
}
