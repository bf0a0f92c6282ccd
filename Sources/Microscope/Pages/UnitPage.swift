import Galleries
import Networks
import Portraits
import Visualization

/// A unit: its picture, what else there is to know of it, and what is to be tried with it.
struct UnitPage {
  let microscope: Microscope
  let place: Microscope.Place
  let unit: NetworkUnit
  /// Its picture.
  let plate: Plate
  /// Where the site will be; empty: not known.
  var site = ""
  /// Whether nothing computes behind the page.
  var isStatic = false
  /// The layers whose units have pages; nil: all.
  var shown: Set<String>?
  /// The networks that are served beside this one.
  var others: [Microscope] = []

  /// The page.
  var html: String {
    var frame = PageFrame(
      title: unit.title, description: "What \(unit.description) of \(microscope.title) looks for.",
      depth: depth)
    frame.site = site
    frame.isStatic = isStatic
    frame.crumbs = [(microscope.title, "index.html")] + above
    frame.notice = microscope.notice("\(microscope.address(of: place))")
    let record = microscope.record(of: plate)
    if record != nil { frame.image = plate.address }
    let figure = PlateFigure(
      plate: plate, record: record, title: unit.title, root: frame.root, isStatic: isStatic)
    if !isStatic { frame.data = [("unit", IconFigure.identifier(place, in: microscope))] }
    return frame.html(
      """
      <div class="unit"><div class="plate">\(figure.html)
      \(isStatic ? "" : controls)</div>
      <div class="about"><h1>\(HTML.escaped(plate.item.heading))</h1>
      \(PagePart.facts(plate.facts(record)))
      <p class="command"><code>\(HTML.escaped(plate.command))</code></p>
      \(isStatic ? "" : comparing)
      \(wiring(frame.root))</div></div>
      \(NaturalSection(microscope: microscope, place: place, root: frame.root).html)
      \(neighbours)
      """, by: microscope.provenance.software)
  }

  private var depth: Int {
    switch place {
    case .channel: 2
    case .class: 1
    }
  }

  private var above: [(String, String)] {
    switch place {
    case .channel(let name, _):
      [(name, "layers/\(microscope.layer(named: name)?.address ?? "").html")]
    case .class: [("Classes", "classes.html")]
    }
  }

  // MARK: What is to be tried

  private var controls: String {
    let fields = Settings.all.filter { !$0.isPath && !Self.left.contains($0.key) }.map(field)
    return """
      <form class="ascent" hidden>
      <div class="buttons"><button type="submit">Make it</button>\
      <button type="button" class="halt" disabled>Stop</button>\
      <label>of <select name="of"><option value="">what excites it</option>\
      <option value="negative">what turns it off</option>\
      <option value="diversity">four that differ</option></select></label></div>
      <progress max="1" value="0" aria-label="How far it is"></progress>
      <output aria-live="polite"></output>
      <details><summary>How it is made</summary><div class="settings">\(fields.joined(separator: "\n"))</div></details>
      </form>
      """
  }

  /// Settings that mean nothing here.
  private static let left: Set = [
    Settings.batch.key, Settings.scale.key, Settings.fit.key, Settings.likeLayers.key,
    Settings.likeWeight.key,
  ]

  private func field(_ setting: any SettingDeclaration) -> String {
    let value = HTML.escaped(setting.text(in: plate.recipe) ?? "")
    let input: String
    if setting.choices.isEmpty {
      let mode = setting.isNumber ? " inputmode=\"decimal\"" : ""
      input = "<input name=\"\(setting.key)\"\(mode) value=\"\(value)\" autocomplete=\"off\">"
    } else {
      let options = setting.choices.map { choice in
        let isChosen = choice.name == setting.text(in: plate.recipe)
        return
          "<option value=\"\(HTML.escaped(choice.name))\"\(isChosen ? " selected" : "")>\(HTML.escaped(choice.name))</option>"
      }
      input =
        "<select name=\"\(setting.key)\"><option value=\"\"></option>\(options.joined())</select>"
    }
    return
      "<label title=\"\(HTML.escaped(setting.help))\"><span>\(HTML.escaped(setting.title))</span>\(input)</label>"
  }

  // MARK: What is beside it

  /// The way to this unit beside another.
  private var comparing: String {
    let address = ComparisonAddress(microscope, place, unit)
    let same = others.map { other in
      "<a href=\"\(address.with(other).html)\">the same of \(HTML.escaped(other.title))</a>"
    }
    return """
      <form class="comparing" action="/compare">\(address.fields)\
      <label>Compare with <input name="second" value="\(HTML.escaped(address.neighbour))" autocomplete="off" spellcheck="false"></label> \
      <button type="submit">Compare</button> \(same.joined(separator: " "))</form>
      """
  }

  private func wiring(_ root: String) -> String {
    guard case .channel(let name, let channel) = place else { return "" }
    let wiring = Wiring(microscope).of(layer: name, channel: channel)
    let figures = IconFigure(microscope: microscope, root: root)
    func part(_ title: String, _ links: [Wiring.Link]) -> String {
      let links = links.filter { shown?.contains($0.layer) ?? true }
      guard !links.isEmpty else { return "" }
      let icons = links.map { link in
        figures.html(
          .channel(layer: link.layer, link.channel),
          caption: "\(link.weight < 0 ? "−" : "+") \(link.layer):\(link.channel)")
      }
      return "<h2>\(title)</h2><div class=\"strip\">\(icons.joined())</div>"
    }
    return part("Reads most from", wiring.before) + part("Read most by", wiring.after)
  }

  private var neighbours: String {
    let (number, count): (Int, Int)
    switch place {
    case .channel(let name, let channel):
      (number, count) = (channel, microscope.layer(named: name)?.channels ?? 0)
    case .class(let index): (number, count) = (index, microscope.classes)
    }
    func link(_ number: Int, _ relation: String, _ words: String) -> String {
      guard (0..<count).contains(number) else { return "" }
      return "<a rel=\"\(relation)\" href=\"\(number).html\">\(words)</a>"
    }
    return """
      <nav class="neighbours" aria-label="Units beside this one">\(link(number - 1, "prev", "‹ the one before"))\
      \(link(number + 1, "next", "the one after ›"))</nav>
      """
  }
}
