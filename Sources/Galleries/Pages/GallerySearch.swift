/// What the search of a gallery's pages finds: its pictures by what stands under them.
struct GallerySearch: SearchFile {
  private struct Picture: Encodable {
    let title: String
    let kind: String
    let address: String
  }

  // What a microscope's search finds.
  private let classes: [String] = []
  private let layers: [String] = []
  private let pictures: [Picture]

  /// Gathers the pictures that a page shows.
  init(_ page: Page) {
    var titles: [Int: String] = [:]
    for section in page.sections.reversed() {
      for index in section.indices { titles[index] = section.title }
    }
    pictures = page.shown.map { index in
      let item = page.gallery.items[index]
      return Picture(
        title: item.title, kind: titles[index] ?? "", address: HTML.address(item.pageName))
    }
  }
}
