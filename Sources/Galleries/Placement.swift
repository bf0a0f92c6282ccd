import Portraits

/// Where pictures stand on the page and what is written under them, as the entries of a plan say.
struct Placement {
  private var sections: [Draft: [Int: Int]] = [:]
  private var count = 0
  private var captions: [Draft: String] = [:]

  /// Adds what an entry says of a picture; the picture may be there already.
  ///
  /// - Throws: `CaptionError` where another entry has another caption for it.
  mutating func add(_ draft: Draft, of entry: GalleryPlan.Entry) throws(CaptionError) {
    if let section = entry.section, sections[draft]?[section] == nil {
      sections[draft, default: [:]][section] = count
      count += 1
    }
    guard let caption = entry.caption else { return }
    if let other = captions[draft], other != caption {
      throw CaptionError(title: draft.subject.title, captions: [other, caption])
    }
    captions[draft] = caption
  }

  /// The pictures with their places and captions.
  ///
  /// - Parameters:
  ///   - items: The pictures.
  ///   - drafts: What they were made from, in the same order.
  /// - Returns: The pictures, in the same order.
  func applied(to items: [GalleryItem], of drafts: [Draft]) -> [GalleryItem] {
    zip(items, drafts).map { item, draft in
      var item = item
      item.sections = sections[draft] ?? [:]
      item.caption = captions[draft]
      return item
    }
  }
}

/// Two captions for one picture.
struct CaptionError: Error, CustomStringConvertible {
  let title: String
  let captions: [String]

  var description: String {
    "the same picture of \(title) has two captions: “\(captions[0])” and “\(captions[1])”; the picture is made, the second "
      + "caption left out: keep one, or make the pictures differ, by their `seed` for example"
  }
}
