import Portraits

/// A picture of a gallery by itself: how it was made, and the way to those beside it.
struct PicturePage {
  /// The gallery's page.
  let page: Page
  /// Its place among the pictures that the page shows.
  let place: Int

  private var item: GalleryItem { page.gallery.items[page.shown[place]] }

  /// The page.
  var html: String {
    let (gallery, index) = (page.gallery, page.shown[place])
    guard let record = page.results.records[index] else { return "" }
    var frame = PageFrame(title: item.title, description: item.alternative, depth: 0)
    frame.isStatic = true
    frame.example = "a picture"
    frame.crumbs = [(gallery.title, "index.html")]
    frame.image = HTML.address(item.fileName)
    frame.data = [(Page.mark, "")]
    return frame.html(
      """
      <div class="unit"><div class="plate">\(page.image(item, class: "main"))</div>
      <div class="about"><h1>\(HTML.escaped(item.heading))</h1>
      \(page.caption(of: item))
      \(PagePart.facts(PageAppendix.facts(item, record)))
      <p><a href="\(HTML.address(item.fileName))">\(HTML.escaped(item.fileName))</a></p>
      <p class="command"><code>\(HTML.escaped(gallery.commands[index]))</code></p></div></div>
      \(neighbours)
      """, by: gallery.provenance.software)
  }

  private var neighbours: String {
    func link(_ place: Int, _ relation: String, _ words: (String) -> String) -> String {
      guard page.shown.indices.contains(place) else { return "" }
      let item = page.gallery.items[page.shown[place]]
      return """
        <a rel="\(relation)" href="\(HTML.address(item.pageName))">\(words(HTML.escaped(item.title)))</a>
        """
    }
    return """
      <nav class="neighbours" aria-label="Pictures beside this one">\
      \(link(place - 1, "prev") { "‹ \($0)" })\(link(place + 1, "next") { "\($0) ›" })</nav>
      """
  }
}
