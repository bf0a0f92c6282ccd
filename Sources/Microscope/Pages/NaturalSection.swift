import Galleries
import Networks
import Portraits
import Visualization

/// The pictures of a folder that excite a unit most and least, and how strong its response is to all of them.
struct NaturalSection {
  let microscope: Microscope
  let place: Microscope.Place
  /// The way to the root.
  let root: String

  static let shown = 6

  /// The section; empty where no pictures were looked at.
  var html: String {
    guard case .channel(let layer, let channel) = place, let natural = microscope.natural,
      let peaks = natural.peaks(of: layer), peaks.pictures > 0, channel < peaks.channels
    else { return "" }
    let order = peaks.ranked(channel)
    let most = order.prefix(Self.shown)
    let least = order.suffix(order.count - most.count).suffix(Self.shown).reversed()
    return """
      <section class="natural"><h2>Pictures that excite it most</h2>
      <div class="strip wide">\(most.map { figure($0, peaks, channel) }.joined())</div>
      \(least.isEmpty ? "" : "<h2>and least</h2>\n<div class=\"strip wide\">\(least.map { figure($0, peaks, channel) }.joined())</div>")
      <h2>Its strongest response in each of \(peaks.pictures) pictures</h2>
      \(histogram(Array(peaks.values(of: channel))))</section>
      """
  }

  private func histogram(_ values: [Float]) -> String {
    HistogramFigure(values)?.html()
      ?? "<p>\(HTML.escaped("All alike: \(Double(values.first ?? 0).fixed(2))"))</p>"
  }

  /// A picture with a frame about what excites the unit, and that part of it by itself.
  ///
  /// - Parameters:
  ///   - index: The picture's number.
  ///   - peaks: The layer's.
  ///   - channel: The unit's.
  ///   - more: What stands behind its value.
  /// - Returns: HTML.
  func figure(
    _ index: Int, _ peaks: ChannelPeaks, _ channel: Int, saying more: String = ""
  ) -> String {
    let value = Array(peaks.values(of: channel))[index]
    let address = "\(root)natural/\(index).png"
    let name = microscope.natural?.files[index].split(separator: "/").last.map(String.init) ?? ""
    let alternative = HTML.escaped("\(name): \(Double(value).fixed(2))")
    guard let place = peaks.place(of: channel, in: index) else {
      return """
        <figure><img src="\(address)" alt="\(alternative)" loading="lazy">\
        <figcaption>\(Double(value).fixed(2))\(HTML.escaped(more))</figcaption></figure>
        """
    }
    // A position sees more than its share of the picture: three of them in each direction, a sixth of it at least.
    let (width, height) = (max(3 * place.width, 1.0 / 6), max(3 * place.height, 1.0 / 6))
    let x = min(max(place.x - width / 2, 0), 1 - width)
    let y = min(max(place.y - height / 2, 0), 1 - height)
    func text(_ number: Double) -> String { (1000 * number).fixed(1) }
    let part = "\(text(x)) \(text(y)) \(text(width)) \(text(height))"
    let picture =
      "<image href=\"\(address)\" width=\"1000\" height=\"1000\" preserveAspectRatio=\"none\"/>"
    return """
      <figure><svg viewBox="0 0 1000 1000" role="img" aria-label="\(alternative)">\(picture)\
      <rect x="\(text(x))" y="\(text(y))" width="\(text(width))" height="\(text(height))"/></svg>\
      <svg viewBox="\(part)" role="img" aria-label="the part of it that does">\(picture)</svg>\
      <figcaption>\(Double(value).fixed(2))\(HTML.escaped(more))</figcaption></figure>
      """
  }
}
