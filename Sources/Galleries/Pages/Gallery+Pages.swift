import Files
import Imaging
import Networks

extension Gallery {
  /// Writes every page and what pages share, the first page last: where it is, everything is.
  func writePages(_ results: inout Results) throws {
    try writeAssets()
    let page = results.page(isFinished: true)
    let search = GallerySearch(page)
    try write([UInt8](search.json), "\(folder)/search.json")
    try write([UInt8](search.script), "\(folder)/search.js")
    for place in page.shown.indices {
      let name = items[page.shown[place]].pageName
      let bytes = Array(PicturePage(page: page, place: place).html.utf8)
      // Most stay as they are when one more picture is made.
      if try !isThere(bytes, at: "\(folder)/\(name)") { try write(bytes, "\(folder)/\(name)") }
    }
    try write(Array(page.html.utf8), pagePath)
  }

  /// Writes what pages share, but for what is searched in.
  func writeAssets() throws {
    for asset in Asset.all { try write(Array(asset.data), "\(folder)/assets/\(asset.name)") }
  }

  private func isThere(_ bytes: [UInt8], at path: String) throws -> Bool {
    try isFileWithContent(at: path) && readFile(at: path) == bytes
  }

  /// Finds out whether pages that somebody else wrote would be lost.
  ///
  /// - Throws: `FileError.unwritable`, `OccupiedError`.
  func checkPages() throws {
    if isFileWithContent(at: pagePath), try !Page.isPage(readFile(at: pagePath)) {
      throw OccupiedError(file: pagePath, occupant: "a page that this program did not make")
    }
    // Of parts, merging writes the first page last.
    let isBegun = isFileWithContent(at: pagePath) || !PartMarks(in: folder).begun.isEmpty
    func check(_ name: String, mayBe isOurs: (String) throws -> Bool) throws {
      let path = "\(folder)/\(name)"
      if try isFileWithContent(at: path) && !isOurs(path) {
        throw OccupiedError(file: path, occupant: "part of somebody else's page")
      }
    }
    for name in items.map(\.pageName) {
      try check(name) { try isBegun && PageFrame.isOurs(readFile(at: $0)) }
    }
    if isBegun { return }
    // A run that ended before its first page leaves these.
    for asset in Asset.all {
      try check("assets/\(asset.name)") { try isThere(Array(asset.data), at: $0) }
    }
    for name in ["search.json", "search.js"] { try check(name) { _ in false } }
  }
}

extension Page {
  /// Whether a file is the first page of a gallery, of whatever version.
  static func isPage(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes.prefix(1 << 16), as: UTF8.self)
    // Before pages shared what they look like, those of galleries alone had it in them.
    return PageFrame.isOurs(bytes)
      && (text.contains(" data-\(mark)=") || !text.contains("assets/style.css"))
  }
}
