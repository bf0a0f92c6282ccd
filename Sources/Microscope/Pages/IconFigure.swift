import Galleries
import Networks
import Visualization

/// A small picture of a unit that leads to its page; where it is not made yet, the page's script asks for it.
struct IconFigure {
  let microscope: Microscope
  /// The way to the root.
  let root: String
  private let known: [Microscope.Place: Plate]

  init(microscope: Microscope, root: String) {
    (self.microscope, self.root) = (microscope, root)
    known = microscope.knownIcons
  }

  /// The figure.
  ///
  /// - Parameters:
  ///   - place: The unit's.
  ///   - caption: What stands under it; nil: its title.
  ///   - attributes: What the page's script is to know.
  /// - Returns: HTML.
  func html(
    _ place: Microscope.Place, caption: String? = nil, attributes: String = ""
  ) -> String {
    guard let unit = microscope.unit(place) else { return "" }
    let (title, link) = (HTML.escaped(unit.title), root + microscope.address(of: place))
    return """
      <figure class="icon" data-icon="\(Self.identifier(place, in: microscope))"\(attributes)>\
      <a href="\(link)" title="\(title)">\(image(place, title))</a>\
      <figcaption>\(caption.map(HTML.escaped) ?? title)</figcaption></figure>
      """
  }

  private func image(_ place: Microscope.Place, _ title: String) -> String {
    // What is wrong with a unit is said where it is made.
    guard let plate = try? known[place] ?? microscope.icon(place), microscope.has(plate)
    else {
      return "<span class=\"blank\" role=\"img\" aria-label=\"\(title): not made yet\"></span>"
    }
    return
      "<img src=\"\(root)\(plate.address)\" alt=\"What excites \(title)\" loading=\"lazy\" decoding=\"async\">"
  }

  /// How the script asks for it: `classes/17`, `LAYER/17`.
  static func identifier(_ place: Microscope.Place, in microscope: Microscope) -> String {
    switch place {
    case .class(let index): "classes/\(index)"
    case .channel(let name, let channel):
      "\(microscope.layer(named: name)?.address ?? "")/\(channel)"
    }
  }
}
