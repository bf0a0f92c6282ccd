import Galleries
import Networks
import Portraits
import Visualization

/// The first page: the network's layers one below the other, each with some of its channels.
struct ModelPage {
  let microscope: Microscope
  /// Where the site will be; empty: not known.
  var site = ""
  /// Whether nothing computes behind the page.
  var isStatic = false
  /// The layers that have pages; nil: all.
  var layers: [MicroscopeLayer]?
  /// The networks that are served beside this one.
  var others: [Microscope] = []

  /// How many channels a layer shows here.
  private static let shown = 8

  /// The page.
  var html: String {
    var frame = PageFrame(
      title: microscope.title, description: "What the neurons of \(microscope.title) look for.",
      depth: 0)
    frame.site = site
    frame.isStatic = isStatic
    frame.image = firstPicture
    frame.notice = microscope.notice("")
    return frame.html(
      """
      <h1>\(HTML.escaped(microscope.title))</h1>
      <p class="lead">Each small picture was made to excite one part of this network, from noise and by the network’s own \
      gradient. Layers stand from the last to the first. Follow a picture to see more of it.</p>
      \(PagePart.facts(facts))
      \(beside)\(doubts)\(preparation)\(dropping)\(classes)\(column)
      """, by: microscope.provenance.software)
  }

  private var firstPicture: String? {
    let place: Microscope.Place? =
      microscope.classes > 0
      ? .class(0) : microscope.layers.last.map { .channel(layer: $0.name, 0) }
    guard let place, let plate = try? microscope.icon(place),
      microscope.has(plate)
    else { return nil }
    return plate.address
  }

  private var facts: [(String, String)] {
    let (network, summary) = (microscope.network, microscope.summary)
    var facts = [("Input", "\(summary.inputShape)"), ("Pictures", network.preparationInWords)]
    if microscope.classes > 0 {
      facts.append(
        ("Classes", "\(microscope.classes)" + (network.labels.isEmpty ? ", no labels" : "")))
    }
    facts += [
      ("Layers", "\((layers ?? microscope.layers).count)"),
      ("Parameters", summary.parameters.abbreviated),
      ("Cost", "\(summary.multiplyAdds.abbreviated) multiply-adds"),
    ]
    return facts
  }

  /// What is believed without being said, and how to say it.
  private var doubts: String {
    var lines = microscope.network.doubts + (microscope.network.guess.map { [$0] } ?? [])
    if microscope.network.preprocessing == nil {
      lines.insert(
        "The file does not say how pictures are prepared; \(microscope.network.preparationInWords) is assumed. "
          + (isStatic
            ? "The command that made this page has options that say otherwise: a preset, or range, mean, deviation and colour."
            : "If pictures look like noise and photographs are taken for nonsense, try another below."),
        at: 0)
    }
    guard !lines.isEmpty else { return "" }
    let items = lines.map { "<li>\(HTML.escaped($0.withoutFolders))</li>" }
    return "<ul class=\"notes\">\(items.joined())</ul>\n"
  }

  /// The networks beside this one, and the way to both at once.
  private var beside: String {
    guard !others.isEmpty else { return "" }
    let links = others.map { other in
      "<a href=\"/\(HTML.escaped(other.address))\">\(HTML.escaped(other.title))</a> "
        + "(<a href=\"\(ComparisonAddress(microscope, with: other).html)\">compare</a>)"
    }
    return "<p>Beside it: \(links.joined(separator: ", "))</p>\n"
  }

  /// How pictures are prepared, and how to have them prepared otherwise; the server's alone.
  private var preparation: String {
    isStatic ? "" : PreparationForm(microscope: microscope).html
  }

  /// Where a photograph is dropped; the server's alone.
  private var dropping: String {
    guard !isStatic, microscope.network.takesPhotographs else { return "" }
    return """
      <form class="drop" hidden><label>Explain a photograph: drop one here, or \
      <input type="file" accept="image/png,image/jpeg" name="photograph"></label>\
      <output aria-live="polite"></output></form>

      """
  }

  private var classes: String {
    guard microscope.classes > 0 else { return "" }
    let figures = IconFigure(microscope: microscope, root: "")
    let some = (0..<min(microscope.classes, Self.shown)).map { figures.html(.class($0)) }
    return """
      <section class="layer"><h2><a href="classes.html">Classes</a>\
      <small>\(microscope.classes)</small></h2>
      <div class="strip">\(some.joined())</div></section>

      """
  }

  /// The layers from the last to the first, each with those that stand within it.
  private var column: String {
    let most = microscope.layers.map(\.multiplyAdds).max() ?? 0
    let figures = IconFigure(microscope: microscope, root: "")
    var inner: [MicroscopeLayer] = []
    var sections: [String] = []
    for layer in layers ?? microscope.layers {
      if layer.isInner || layer.isBeforeActivation {
        inner.append(layer)
        continue
      }
      let some = (0..<min(layer.channels, Self.shown)).map {
        figures.html(.channel(layer: layer.name, $0), caption: "\($0)")
      }
      sections.append(
        """
        <section class="layer"><h2 class="code"><a href="layers/\(layer.address).html">\
        \(HTML.escaped(layer.name))</a><small>\(HTML.escaped(layer.type)), \
        \(HTML.escaped(layer.inWords))\(cost(of: layer))</small></h2>
        \(bar(layer.multiplyAdds, of: most))\
        <div class="strip">\(some.joined())</div>\(links(inner))</section>
        """)
      inner = []
    }
    return sections.reversed().joined(separator: "\n") + links(inner)
  }

  /// Layers without pictures here.
  private func links(_ layers: [MicroscopeLayer]) -> String {
    guard !layers.isEmpty else { return "" }
    let items = layers.map { layer in
      "<li><a class=\"code\" href=\"layers/\(layer.address).html\">\(HTML.escaped(layer.name))</a> "
        + "<small>\(HTML.escaped(layer.type)), \(HTML.escaped(layer.inWords))</small></li>"
    }
    return
      "<details><summary>\(layers.count) within</summary><ul class=\"inner\">\(items.joined())</ul></details>"
  }

  private func cost(of layer: MicroscopeLayer) -> String {
    (layer.parameters > 0 ? ", \(layer.parameters.abbreviated) parameters" : "")
      + (layer.multiplyAdds > 0 ? ", \(layer.multiplyAdds.abbreviated) multiply-adds" : "")
  }

  /// How much of the work is the layer's, as a line.
  private func bar(_ count: Int, of most: Int) -> String {
    guard most > 0, count > 0 else { return "" }
    let share = max(1, 100 * count / most)
    return
      "<meter class=\"cost\" min=\"0\" max=\"100\" value=\"\(share)\" aria-label=\"cost beside the dearest layer\"></meter>\n"
  }
}
