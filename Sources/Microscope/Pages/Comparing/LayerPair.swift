import Galleries
import Visualization
import Portraits
import Networks

/// Two layers: their channels in pairs by their numbers.
struct LayerPair {
  let first: (microscope: Microscope, layer: String)
  let second: (microscope: Microscope, layer: String)
  /// `likeness`: the least alike first.
  let order: String

  init(
    first: Microscope, _ one: String, second: Microscope, _ two: String, order: String
  ) {
    (self.first, self.second, self.order) = ((first, one), (second, two), order)
  }

  /// What stands over the page.
  var title: String {
    let isOfOne = first.microscope === second.microscope
    let names = [first, second].map { $0.layer + (isOfOne ? "" : " of \($0.microscope.inWords)") }
    return names.joined(separator: " and ")
  }

  /// The comparison.
  var html: String {
    let counts = [first, second].map { $0.microscope.layer(named: $0.layer)?.channels ?? 0 }
    let likeness = likeness
    var numbers = Array(0..<(counts.max() ?? 0))
    let isMeasured = likeness.contains { $0 != nil }
    if order == "likeness", isMeasured {
      let alike = { (number: Int) in (number < likeness.count ? likeness[number] : nil) ?? 2 }
      numbers.sort { (alike($0), $0) < (alike($1), $1) }
    }
    return """
      <p class="lead">\(counts[0] == counts[1] ? "\(counts[0]) channels each" : "\(counts[0]) and \(counts[1]) channels"), \
      those of one number together.\(isMeasured ? " r is how alike both respond to the photographs: 1 the same, 0 nothing in common." : "")</p>
      \(isMeasured ? orders : "")
      <div class="pairs">\(numbers.map { pair($0, $0 < likeness.count ? likeness[$0] : nil) }.joined(separator: "\n"))</div>
      """
  }

  private var likeness: [Double?] {
    guard let one = first.microscope.natural?.peaks(of: first.layer),
      let two = second.microscope.natural?.peaks(of: second.layer)
    else { return [] }
    return (0..<min(one.channels, two.channels)).map { one.correlation(of: $0, with: two, $0) }
  }

  private var orders: String {
    let address = ComparisonAddress(
      first.layer + ":", of: first.microscope, second.layer + ":", of: second.microscope
    ).html
    let (byNumber, byLikeness) =
      order == "likeness"
      ? ("<a href=\"\(address)\">number</a>", "<strong>least alike first</strong>")
      : (
        "<strong>number</strong>",
        "<a href=\"\(address)&amp;order=likeness\">least alike first</a>"
      )
    return "<p class=\"orders\">Sorted by \(byNumber) · \(byLikeness)</p>"
  }

  private func pair(_ number: Int, _ likeness: Double?) -> String {
    let figures = [first, second].map { microscope, layer in
      let place = Microscope.Place.channel(layer: layer, number)
      guard microscope.unit(place) != nil else { return "<span class=\"none\">not there</span>" }
      return IconFigure(microscope: microscope, root: "/\(microscope.address)").html(
        place, caption: "",
        attributes: " data-base=\"/\(HTML.escaped(microscope.address))\"")
    }
    let address = ComparisonAddress(
      "\(first.layer):\(number)", of: first.microscope, "\(second.layer):\(number)",
      of: second.microscope)
    return """
      <div class="pair-of-icons">\(figures.joined())<a href="\(address.html)" \
      aria-label="Channel \(number) of both">\(number)\(likeness.map { ", r \($0.fixed(2))" } ?? "")</a></div>
      """
  }
}
