import Attribution
import Explanations
import Galleries
import Imaging
import Networks
import Plans
import Portraits
import Visualization

/// A photograph: what the network sees in it, and why.
struct PhotographPage {
  let subject: PhotographSubject
  let microscope: Microscope

  /// The methods that are shown at once; the rest is to be chosen.
  private static let first = ["grad-cam", "integrated-gradients", "smoothgrad", "occlusion"]

  /// The page.
  var html: String {
    let network = microscope.network
    let photograph = subject.photograph
    var frame = PageFrame(
      title: "A photograph", description: "What \(network.name) sees in a photograph.", depth: 1)
    frame.crumbs = [(network.name, "index.html")]
    frame.image = "photographs/\(subject.name).png"
    frame.data = [("photograph", subject.name)]
    let size = subject.explainer.size
    let cut = photograph.framing.cut.map { "<p class=\"note\">The network is shown the \($0).</p>" }
    return frame.html(
      """
      <h1>What it sees in a photograph</h1>
      <div class="unit"><div class="plate"><div class="photograph"><img class="main" \
      width="\(size.width)" height="\(size.height)" src="\(subject.name).png" alt="The photograph as the network is \
      shown it" draggable="false"><div class="part" hidden></div></div>\(cut ?? "")
      <p class="note">Draw a rectangle on it to see what changes without that part.</p></div>
      <div class="about">\(classes)<div class="changed" aria-live="polite"></div></div></div>
      \(methods)\(layers)
      """, by: microscope.provenance.software)
  }

  private var classes: String {
    let rows = subject.photograph.classes.prefix(5).map { one in
      let words = subject.words(one)
      let share = one.probability.map { Int((100 * $0).rounded()) } ?? 0
      return """
        <tr><td><a href="../classes/\(words[2]).html">\(HTML.escaped(words[0]))</a></td>\
        <td>\(words[1])</td><td>\(one.probability == nil ? "" : "<meter min=\"0\" max=\"100\" value=\"\(share)\" aria-label=\"\(words[1])\"></meter>")</td>\
        <td><button type="button" class="why" data-unit="\(words[2])">why?</button></td></tr>
        """
    }
    guard !rows.isEmpty else { return "<p>The network tells no classes apart.</p>" }
    return "<table class=\"classes\">\(rows.joined(separator: "\n"))</table>"
  }

  private var methods: String {
    let names = RegisteredMethod.all.filter { !$0.options.contains(.neuron) }.map(\.name)
    let boxes = names.map { name in
      "<label><input type=\"checkbox\" name=\"method\" value=\"\(name)\"\(Self.first.contains(name) ? " checked" : "")>\(name)</label>"
    }
    return """
      <section class="explained"><h2>Why</h2>
      <form class="methods" hidden><label>Unit <input name="unit" autocomplete="off" placeholder="the top class"></label>\
      <button type="submit">Explain</button><output aria-live="polite"></output>
      <details><summary>Methods</summary><div class="choices">\(boxes.joined(separator: "\n"))</div></details></form>
      <div class="strip wide maps"></div></section>

      """
  }

  private var layers: String {
    let options = microscope.layers.reversed().filter(\.isMap).map { layer in
      let size = layer.grid.map { ", \($0.width)×\($0.height)" } ?? ""
      return "<option value=\"\(layer.address)\">\(HTML.escaped(layer.name))\(size)</option>"
    }
    guard !options.isEmpty else { return "" }
    return """
      <section class="sight"><h2>What a layer sees</h2>
      <form class="layers" hidden><label>Layer <select name="layer">\(options.joined(separator: "\n"))</select></label>\
      <button type="submit">Show</button><progress max="1" value="0" aria-label="How far it is"></progress>\
      <output aria-live="polite"></output></form>
      <div class="unit"><div class="seen"></div><div class="position" aria-live="polite"></div></div></section>
      """
  }
}
