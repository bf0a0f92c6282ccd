import Galleries
import Visualization
import Networks
import Portraits

/// Two networks: their layers by name, what only one has, and how alike their channels respond.
struct ModelPair {
  let first: Microscope
  let second: Microscope

  /// What stands over the page.
  var title: String { "\(first.inWords) and \(second.inWords)" }

  /// The comparison.
  var html: String {
    let both = first.layers.filter { second.layer(named: $0.name) != nil }.count
    let alone = [(first, second), (second, first)].map { one, other in
      one.layers.filter { other.layer(named: $0.name) == nil }.count
    }
    var words = "\(both) layers go by one name in both"
    if alone.contains(where: { $0 > 0 }) {
      words +=
        "; only \(first.title) has \(alone[0]), only \(second.title) \(alone[1])"
    }
    let isMeasured = first.natural != nil && second.natural != nil
    return """
      <p class="lead">\(HTML.escaped(words)). Follow a layer to see its channels in pairs.</p>
      <table class="compared" aria-label="Layers of both networks"><thead><tr><th scope="col">Layer</th><th scope="col">\(HTML.escaped(first.inWords))</th>\
      <th scope="col">\(HTML.escaped(second.inWords))</th>\(isMeasured ? "<th scope=\"col\">Alike</th>" : "")</tr></thead>
      <tbody>\(rows(isMeasured).joined(separator: "\n"))</tbody></table>
      """
  }

  private func rows(_ isMeasured: Bool) -> [String] {
    let others = second.layers.filter { first.layer(named: $0.name) == nil }
    return (first.layers + others).reversed().map { layer in
      let (one, two) = (first.layer(named: layer.name), second.layer(named: layer.name))
      let name = HTML.escaped(layer.name)
      let address = ComparisonAddress(layer.name + ":", of: first, layer.name + ":", of: second)
      let title = one != nil && two != nil ? "<a href=\"\(address.html)\">\(name)</a>" : name
      return """
        <tr><th scope="row" class="code">\(title)</th><td>\(cell(one, of: first))</td><td>\(cell(two, of: second))</td>\
        \(isMeasured ? "<td class=\"number\">\(likeness(layer.name))</td>" : "")</tr>
        """
    }
  }

  private func cell(_ layer: MicroscopeLayer?, of microscope: Microscope) -> String {
    guard let layer else { return "<span class=\"none\">not there</span>" }
    return
      "<a href=\"/\(HTML.escaped(microscope.address))layers/\(layer.address).html\">\(HTML.escaped(layer.inWords))</a>"
  }

  /// The mean correlation of channels of one number.
  private func likeness(_ layer: String) -> String {
    guard let one = first.natural?.peaks(of: layer), let two = second.natural?.peaks(of: layer)
    else { return "" }
    let all = (0..<min(one.channels, two.channels)).compactMap {
      one.correlation(of: $0, with: two, $0)
    }
    guard !all.isEmpty else { return "" }
    return (all.reduce(0, +) / Double(all.count)).fixed(2)
  }
}
