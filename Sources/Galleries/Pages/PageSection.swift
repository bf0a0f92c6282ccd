import Networks

/// A heading of the page and the pictures under it: a section of the plan, or a part of the network.
struct PageSection {
  /// What stands above the pictures.
  let title: String
  /// What stands below the title, if anything.
  var description: String?
  /// Whether the title is a name from the network's file.
  var isCode = false
  /// A name for links.
  let anchor: String
  /// The pictures' places in the gallery.
  var indices: [Int] = []

  /// The sections of a gallery that have a picture, in order.
  static func all(of gallery: Gallery) -> [PageSection] {
    let planned = gallery.plan.sections
    return planned.isEmpty ? byPart(gallery) : byPlan(gallery, planned)
  }

  private static func byPlan(
    _ gallery: Gallery, _ planned: [GalleryPlan.Section]
  ) -> [PageSection] {
    planned.enumerated().map { place, section in
      let shown = gallery.items.enumerated().compactMap { index, item in
        item.sections[place].map { (index: index, order: $0) }
      }
      return PageSection(
        title: section.title, description: section.description, anchor: "part-\(place + 1)",
        indices: shown.sorted { $0.order < $1.order }.map(\.index))
    }.filter { !$0.indices.isEmpty }
  }

  private static func byPart(_ gallery: Gallery) -> [PageSection] {
    var sections: [PageSection] = []
    var places: [GalleryItem.Group: Int] = [:]
    for (index, item) in gallery.items.enumerated() {
      let place = places[item.group] ?? sections.count
      if place == sections.count {
        places[item.group] = place
        var section = PageSection(
          title: item.group.title(in: gallery.network), anchor: "part-\(place + 1)")
        if case .layer = item.group { section.isCode = true }
        sections.append(section)
      }
      sections[place].indices.append(index)
    }
    return sections
  }
}
