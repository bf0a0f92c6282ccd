/// The part of a page that shows what mattered in photographs.
struct PageSheets {
  private let gallery: Gallery

  init(_ gallery: Gallery) { self.gallery = gallery }

  /// The part of the page; empty where the plan explains nothing.
  var html: String {
    guard !gallery.sheets.isEmpty else { return "" }
    return """
      <section id="saliency">
      <h2>What mattered<small>\(gallery.sheets.count)</small></h2>
      \(gallery.sheets.map(figure).joined(separator: "\n"))
      </section>

      """
  }

  private func figure(_ sheet: GallerySheet) -> String {
    let caption = sheet.caption.map { HTML.paragraphs($0) } ?? ""
    guard gallery.isMade(sheet) else {
      return """
        <figure class="sheet"><figcaption><b>\(HTML.escaped(sheet.fileName))</b> is not made yet\
        </figcaption></figure>
        """
    }
    let address = HTML.address(sheet.fileName)
    let file = sheet.picture.split(separator: "/").last.map(String.init) ?? sheet.picture
    return """
      <figure class="sheet"><a href="\(address)"><img src="\(address)" loading="lazy" decoding="async" \
      alt="What mattered in \(HTML.escaped(file))."></a><figcaption>\(caption)</figcaption></figure>
      """
  }
}
