/// The parts of a page that show what was made of photographs.
struct PageSheets {
  private let gallery: Gallery

  init(_ gallery: Gallery) { self.gallery = gallery }

  /// The parts of the page; empty where the plan makes nothing of photographs.
  var html: String { SheetSection.allCases.map(part).joined() }

  private func part(_ section: SheetSection) -> String {
    let sheets = gallery.sheets.filter { $0.content.section == section }
    if sheets.isEmpty { return "" }
    return """
      <section id="\(section.rawValue)">
      <h2>\(section.title)<small>\(sheets.count)</small></h2>
      \(sheets.map(figure).joined(separator: "\n"))
      </section>

      """
  }

  private func figure(_ sheet: GallerySheet) -> String {
    // Maps of what mattered have their words in the picture.
    let title =
      sheet.content.section == .saliency ? "" : "<b>\(HTML.escaped(sheet.title))</b>"
    let caption = title + (sheet.caption.map { HTML.paragraphs($0) } ?? "")
    guard gallery.isMade(sheet) else {
      return """
        <figure class="sheet"><figcaption><b>\(HTML.escaped(sheet.fileName))</b> is not made yet\
        </figcaption></figure>
        """
    }
    let address = HTML.address(sheet.fileName)
    return """
      <figure class="sheet"><a href="\(address)"><img src="\(address)" loading="lazy" decoding="async" \
      alt="\(HTML.escaped(sheet.title))."></a><figcaption>\(caption)</figcaption></figure>
      """
  }
}
