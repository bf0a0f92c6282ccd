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

  private static let shown = 6
  /// Bars of the histogram.
  private static let bars = 24

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

  /// A picture with a frame about what excites the unit, and that part of it by itself.
  private func figure(_ index: Int, _ peaks: ChannelPeaks, _ channel: Int) -> String {
    let value = Array(peaks.values(of: channel))[index]
    let address = "\(root)natural/\(index).png"
    let name = microscope.natural?.files[index].split(separator: "/").last.map(String.init) ?? ""
    let alternative = HTML.escaped("\(name): \(Double(value).fixed(2))")
    guard let place = peaks.place(of: channel, in: index) else {
      return """
        <figure><img src="\(address)" alt="\(alternative)" loading="lazy">\
        <figcaption>\(Double(value).fixed(2))</figcaption></figure>
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
      <figcaption>\(Double(value).fixed(2))</figcaption></figure>
      """
  }

  private func histogram(_ values: [Float]) -> String {
    guard let low = values.min(), let high = values.max(), high > low else {
      return "<p>\(HTML.escaped("All alike: \(Double(values.first ?? 0).fixed(2))"))</p>"
    }
    var counts = [Int](repeating: 0, count: Self.bars)
    for value in values {
      let share = Double((value - low) / (high - low))
      counts[min(Self.bars - 1, Int(share * Double(Self.bars)))] += 1
    }
    let most = counts.max() ?? 1
    let bars = counts.enumerated().map { index, count in
      let height = 100 * Double(count) / Double(most)
      return
        "<rect x=\"\(index * 10)\" y=\"\((100 - height).fixed(1))\" width=\"9\" height=\"\(height.fixed(1))\"/>"
    }
    return """
      <figure class="histogram"><svg viewBox="0 0 \(Self.bars * 10) 100" preserveAspectRatio="none" role="img" \
      aria-label="A histogram of \(values.count) values from \(Double(low).fixed(2)) to \(Double(high).fixed(2))">\
      \(bars.joined())</svg><figcaption><span>\(Double(low).fixed(2))</span><span>\(Double(high).fixed(2))</span>\
      </figcaption></figure>
      """
  }
}
