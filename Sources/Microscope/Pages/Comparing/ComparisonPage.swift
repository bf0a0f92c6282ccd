import Galleries
import Visualization
import Portraits
import Networks

/// Two things beside each other: networks, layers or units.
struct ComparisonPage {
  let microscopes: [Microscope]
  let isReadOnly: Bool
  /// What was asked for.
  let query: [String: String]
  /// The networks, once they are found.
  var models: (first: Microscope, second: Microscope)?

  /// The page of a comparison.
  ///
  /// - Throws: `MismatchError` for a layer beside a unit, and what is wrong with a unit.
  func html(_ comparison: Comparison) throws -> String {
    let (first, second) = (comparison.first, comparison.second)
    switch (first.target, second.target) {
    case (.unit(let one), .unit(let two)):
      let pair = try UnitPair(
        UnitPair.Side(first.microscope, one), UnitPair.Side(second.microscope, two),
        isStatic: isReadOnly)
      return page(pair.title, pair.html, image: pair.image)
    case (.layer(let one), .layer(let two)):
      let pair = LayerPair(
        first: first.microscope, one, second: second.microscope, two, order: query["order"] ?? "")
      return page(pair.title, pair.html)
    case (nil, nil) where !comparison.isOfOne:
      let pair = ModelPair(first: first.microscope, second: second.microscope)
      return page(pair.title, pair.html)
    case (.some, nil), (nil, .some), (nil, nil):
      return page(
        "Side by side", "<p class=\"lead\">Name two units, two layers, or two networks.</p>")
    default: throw MismatchError(first: first.text, second: second.text)
    }
  }

  /// The page of a comparison that cannot be.
  func html(saying reason: String) -> String {
    page("Side by side", "<p class=\"notice\" role=\"alert\">\(HTML.escaped(reason))</p>")
  }

  private func page(_ title: String, _ body: String, image: String? = nil) -> String {
    let home = models?.first ?? microscopes[0]
    var frame = PageFrame(
      title: title, description: "\(title), side by side.", depth: 0)
    frame.isStatic = isReadOnly
    frame.image = image
    frame.crumbs = [(home.title, home.address.isEmpty ? "index.html" : home.address)]
    if let models {
      frame.notice =
        models.first.looking + (models.first === models.second ? "" : models.second.looking)
    }
    return frame.html(
      "<h1>\(HTML.escaped(title))</h1>\n\(form)\(body)", by: home.provenance.software)
  }

  // MARK: What is compared

  private var form: String {
    """
    <form class="comparing" action="/compare">\(side("first", models?.first)) <span>beside</span> \
    \(side("second", models?.second)) <button type="submit">Compare</button></form>

    """
  }

  private func side(_ name: String, _ chosen: Microscope?) -> String {
    let text = query[name] ?? ""
    var choices = microscopes
    for other in [models?.first, models?.second].compactMap({ $0 })
    where !choices.contains(where: { $0 === other }) { choices.append(other) }
    let input = """
      <label>\(name == "first" ? "Unit or layer" : "Another")<input name="\(name)" value="\(HTML.escaped(text))" placeholder="\
      \(name == "first" ? "layer:17, layer, a class" : "the same")" autocomplete="off" spellcheck="false"></label>
      """
    guard choices.count > 1 else { return "<div class=\"one\">\(input)</div>" }
    let options = choices.map { one in
      "<option value=\"\(HTML.escaped(one.path))\"\(one === chosen ? " selected" : "")>\(HTML.escaped(one.inWords))</option>"
    }
    return
      "<div class=\"one\">\(input)<label>of<select name=\"\(name)-model\">\(options.joined())</select></label></div>"
  }
}

extension Microscope {
  /// The network, and how its pictures are prepared where that is not what is believed.
  var inWords: String {
    title + (believed == nil ? "" : " with pictures as \(network.preparationInWords)")
  }
}

/// A unit beside a layer.
struct MismatchError: Error, CustomStringConvertible {
  let first: String
  let second: String

  var description: String {
    "“\(first)” and “\(second)” are a unit and a whole layer; a unit goes with a unit, such as layer:17"
  }
}
