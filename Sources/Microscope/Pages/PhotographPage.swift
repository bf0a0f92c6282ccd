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
  private var first: [String] {
    [microscope.classMethod, "integrated-gradients", "smoothgrad", "occlusion"]
  }

  /// The page.
  var html: String {
    let photograph = subject.photograph
    var frame = PageFrame(
      title: "A photograph", description: "What \(microscope.title) sees in a photograph.", depth: 1
    )
    frame.crumbs = [(microscope.title, "index.html")]
    frame.notice = microscope.notice("photographs/\(subject.name).html")
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
      <form class="parts" hidden><label>Draw a rectangle on it to see what changes without that part, or take \
      <select name="part">\(Self.parts)</select></label> <button type="submit">Without it</button></form></div>
      <div class="about">\(classes)<div class="changed" aria-live="polite"></div></div></div>
      \(methods)\(layers)
      """, by: microscope.provenance.software)
  }

  /// Ninths of a photograph, as left, top, right and bottom.
  private static let parts = (0..<9).map { number in
    let (row, column) = (number / 3, number % 3)
    let name =
      number == 4
      ? "the middle"
      : [["the top", "", "the bottom"][row], ["left", "", "right"][column]].filter { !$0.isEmpty }
        .joined(separator: " ")
    let sides = [column, row, column + 1, row + 1].map { (Double($0) / 3).fixed(3) }
    return
      "<option value=\"\(sides.joined(separator: ","))\"\(number == 4 ? " selected" : "")>\(name)</option>"
  }.joined()

  private var classes: String {
    let rows = subject.photograph.classes.prefix(5).map { one in
      let words = subject.words(one)
      // A bare number may be another class's label.
      let unit =
        microscope.unit(.class(one.index))?.argument(in: microscope.network) ?? words[2]
      let share = one.probability.map { Int((100 * $0).rounded()) } ?? 0
      return """
        <tr><td><a href="../classes/\(words[2]).html">\(HTML.escaped(words[0]))</a></td>\
        <td>\(words[1])</td><td>\(one.probability == nil ? "" : "<meter min=\"0\" max=\"100\" value=\"\(share)\" aria-label=\"How sure it is of \(HTML.escaped(words[0]))\" aria-valuetext=\"\(words[1])\"></meter>")</td>\
        <td><button type="button" class="why" data-unit="\(HTML.escaped(unit))" aria-label="Why \(HTML.escaped(words[0]))?">why?</button></td></tr>
        """
    }
    guard !rows.isEmpty else { return "<p>The network tells no classes apart.</p>" }
    return "<table class=\"classes\" aria-label=\"Classes\">\(rows.joined(separator: "\n"))</table>"
  }

  /// The form that asks for maps.
  ///
  /// - Parameters:
  ///   - first: The methods that are shown at once.
  ///   - more: What is shown beside methods.
  /// - Returns: HTML.
  static func methodsForm(checking first: [String], among more: [String] = []) -> String {
    let names = more + RegisteredMethod.all.filter { !$0.options.contains(.neuron) }.map(\.name)
    let boxes = names.map { name in
      "<label><input type=\"checkbox\" name=\"method\" value=\"\(name)\"\(first.contains(name) ? " checked" : "")>\(name)</label>"
    }
    return """
      <form class="methods" hidden><label>Unit <input name="unit" autocomplete="off" placeholder="the top class"></label>\
      <button type="submit">Explain</button><output aria-live="polite"></output>
      <details><summary>Methods</summary><div class="choices">\(boxes.joined(separator: "\n"))</div></details></form>
      """
  }

  private var methods: String {
    """
    <section class="explained"><h2>Why</h2>
    \(Self.methodsForm(checking: first))
    <div class="strip wide maps"></div></section>
    <form class="drop" hidden data-with="\(subject.name)"><label>Compare with another photograph: drop one here, or \
    <input type="file" accept="image/png,image/jpeg" name="photograph"></label>\
    <output aria-live="polite"></output></form>

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
      <form class="at" hidden><label>Column <input name="column" type="number" min="0" value="0"></label> \
      <label>Row <input name="row" type="number" min="0" value="0"></label> <button type="submit">Look there</button></form>
      <div class="unit"><div class="seen"></div><div class="position" aria-live="polite"></div></div></section>
      """
  }
}
