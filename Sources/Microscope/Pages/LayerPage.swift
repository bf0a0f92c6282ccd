import Galleries
import Networks
import Portraits
import Visualization

/// A layer's channels, or the classes, as a grid.
struct LayerPage {
  let microscope: Microscope
  /// The layer; nil: the classes.
  let layer: MicroscopeLayer?
  var site = ""
  /// Whether nothing computes behind the page.
  var isStatic = false
  /// The layers that have pages; nil: all.
  var shown: [MicroscopeLayer]?

  /// The page.
  var html: String {
    let title = layer?.name ?? "Classes"
    var frame = PageFrame(
      title: title,
      description: "What the \(count) \(layer == nil ? "classes" : "channels of \(title)") of "
        + "\(microscope.title) look for.", depth: layer == nil ? 0 : 1)
    frame.site = site
    frame.isStatic = isStatic
    frame.crumbs = [(microscope.title, "index.html")]
    frame.notice = microscope.notice("\(layer.map { "layers/\($0.address)" } ?? "classes").html")
    let figures = IconFigure(microscope: microscope, root: frame.root)
    let peaks = layer.flatMap { microscope.natural?.peaks(of: $0.name) }
    let ranks = peaks?.ranksByLikeness() ?? []
    let grid = (0..<count).map { number in
      let order = peaks.map {
        " data-excitement=\"\($0.strength(of: number))\" data-likeness=\"\(ranks[number])\""
      }
      return figures.html(
        place(number), caption: layer == nil ? nil : "\(number)", attributes: order ?? "")
    }
    if let plate = try? microscope.icon(place(0)), microscope.has(plate) {
      frame.image = plate.address
    }
    return frame.html(
      """
      <h1\(layer == nil ? "" : " class=\"code\"")>\(HTML.escaped(title))</h1>
      \(PagePart.facts(facts))
      \(tools)
      <div class="grid" data-keys>\(grid.joined(separator: "\n"))</div>
      \(neighbours(frame.root))
      """, by: microscope.provenance.software)
  }

  private var count: Int { layer?.channels ?? microscope.classes }

  private func place(_ number: Int) -> Microscope.Place {
    layer.map { .channel(layer: $0.name, number) } ?? .class(number)
  }

  private var facts: [(String, String)] {
    guard let layer else { return [("Classes", "\(count)")] }
    return [
      ("Operator", layer.type), ("Output", layer.inWords),
      ("Parameters", layer.parameters.abbreviated),
      ("Cost", "\(layer.multiplyAdds.abbreviated) multiply-adds"),
    ]
  }

  private var tools: String {
    let isMeasured = layer.flatMap { microscope.natural?.peaks(of: $0.name) } != nil
    let more =
      isMeasured
      ? "<option value=\"excitement\">how strongly the pictures excite it</option>"
        + "<option value=\"likeness\">likeness</option>" : ""
    return """
      <form class="tools" hidden><label>Sorted by <select name="order"><option value="">number</option>\(more)\
      </select></label> <label>Size <input type="range" name="size" min="48" max="224" value="96"></label>\
      <output aria-live="polite"></output></form>
      """
  }

  private func neighbours(_ root: String) -> String {
    let layers = shown ?? microscope.layers
    guard let layer, let index = layers.firstIndex(where: { $0.address == layer.address }) else {
      return ""
    }
    func link(_ index: Int, _ words: String, _ relation: String) -> String {
      guard layers.indices.contains(index) else { return "" }
      return
        "<a rel=\"\(relation)\" href=\"\(layers[index].address).html\">\(words): \(HTML.escaped(layers[index].name))</a>"
    }
    return """
      <nav class="neighbours" aria-label="Layers beside this one">\(link(index - 1, "before it", "prev"))\
      \(link(index + 1, "after it", "next"))</nav>
      """
  }
}
