import Galleries
import Networks
import Portraits
import Visualization

/// Two units: their pictures, and what the same photographs do to both, on one scale.
struct UnitPair {
  /// One of them.
  struct Side {
    let microscope: Microscope
    let place: Microscope.Place
    let unit: NetworkUnit
    let plate: Plate
    let record: PortraitRecord?

    init(_ microscope: Microscope, _ place: Microscope.Place) throws {
      guard let unit = microscope.unit(place), let plate = try microscope.plate(place) else {
        throw ComparisonError(
          model: microscope.title, reason: "there is no \(microscope.address(of: place))")
      }
      (self.microscope, self.place, self.unit) = (microscope, place, unit)
      self.plate = plate
      record = microscope.record(of: plate)
    }

    /// The channel of its layer's peaks; nil: it has none.
    var peaks: (all: ChannelPeaks, channel: Int)? {
      guard case .channel(let layer, let channel) = place,
        let peaks = microscope.natural?.peaks(of: layer), channel < peaks.channels,
        peaks.pictures > 0
      else { return nil }
      return (peaks, channel)
    }
  }

  let first: Side
  let second: Side

  /// Whether nothing computes behind the page.
  let isStatic: Bool

  init(_ first: Side, _ second: Side, isStatic: Bool) {
    (self.first, self.second, self.isStatic) = (first, second, isStatic)
  }

  private var sides: [Side] { [first, second] }
  private var isOfOne: Bool { first.microscope === second.microscope }

  /// What stands over the page.
  var title: String {
    isOfOne || first.unit.title != second.unit.title
      ? "\(first.unit.title) and \(second.unit.title)" : "\(first.unit.title) in both"
  }

  /// The picture for previews of links.
  var image: String? {
    sides.first { $0.record != nil }.map { $0.microscope.address + $0.plate.address }
  }

  /// The comparison.
  var html: String {
    """
    <div class="pair">\(sides.map(picture).joined(separator: "\n"))</div>
    \(photographs)
    """
  }

  // MARK: Pictures

  /// The value at the right end of both meters.
  private var most: Float { sides.compactMap { $0.record?.after }.filter(\.isFinite).max() ?? 0 }

  private func picture(_ side: Side) -> String {
    let root = "/" + side.microscope.address
    let title = HTML.escaped(side.unit.title)
    let link = HTML.escaped(root + side.microscope.address(of: side.place))
    let figure = PlateFigure(
      plate: side.plate, record: side.record, title: side.unit.title, root: root, isStatic: isStatic
    )
    let reached = side.record?.after ?? 0
    let value = reached.isFinite ? reached : 0
    return """
      <section class="side" data-unit="\(IconFigure.identifier(side.place, in: side.microscope))" \
      data-base="\(HTML.escaped(root))"><h2><a href="\(link)">\(title)</a> <small>\(HTML.escaped(side.microscope.inWords))</small></h2>
      \(figure.html)
      <output aria-live="polite"></output>
      \(PagePart.facts(side.plate.facts(side.record)))
      <meter min="0" max="\(max(most, value, .leastNormalMagnitude))" value="\(max(value, 0))" data-value="\(value)" \
      aria-label="Activation of \(title), on the scale of both"></meter></section>
      """
  }

  // MARK: Photographs

  private var photographs: String {
    let peaks = sides.compactMap(\.peaks)
    guard peaks.count == 2, peaks[0].all.pictures == peaks[1].all.pictures else { return "" }
    return """
      <h2>Their strongest response in each of \(peaks[0].all.pictures) photographs</h2>
      <p class="lead">\(agreement(peaks))</p>
      <div class="pair">\(histograms(peaks))</div>
      <h2>Photographs that excite each most, and what they do to the other</h2>
      <div class="pair">\(strongest(0, peaks))\(strongest(1, peaks))</div>
      """
  }

  private func agreement(_ peaks: [(all: ChannelPeaks, channel: Int)]) -> String {
    guard
      let r = peaks[0].all.correlation(of: peaks[0].channel, with: peaks[1].all, peaks[1].channel)
    else { return "One of them responds to all alike." }
    let shared = Set(peaks[0].all.ranked(peaks[0].channel).prefix(NaturalSection.shown))
      .intersection(peaks[1].all.ranked(peaks[1].channel).prefix(NaturalSection.shown)).count
    let count = min(NaturalSection.shown, peaks[0].all.pictures)
    return
      "Correlation \(r.fixed(2)) (1: they rise and fall together, 0: nothing in common); \(shared) of the \(count) strongest are the same."
  }

  /// Both on one axis, with bars of one height for one count.
  private func histograms(_ peaks: [(all: ChannelPeaks, channel: Int)]) -> String {
    let values = peaks.map { Array($0.all.values(of: $0.channel)) }
    let all = values.flatMap { $0 }
    guard let least = all.min(), let most = all.max() else { return "" }
    let figures = values.compactMap { HistogramFigure($0, over: least...most) }
    let full = figures.flatMap(\.counts).max()
    return zip(figures, sides).map { figure, side in
      "<div><p class=\"note\">\(HTML.escaped(side.unit.title))\(isOfOne ? "" : ", \(HTML.escaped(side.microscope.inWords))")</p>\(figure.html(full: full))</div>"
    }.joined()
  }

  private func strongest(
    _ number: Int, _ peaks: [(all: ChannelPeaks, channel: Int)]
  ) -> String {
    let (own, other, side) = (peaks[number], peaks[1 - number], sides[number])
    let section = NaturalSection(
      microscope: side.microscope, place: side.place, root: "/\(side.microscope.address)")
    let others = Array(other.all.values(of: other.channel))
    let figures = own.all.ranked(own.channel).prefix(NaturalSection.shown).map { index in
      section.figure(
        index, own.all, own.channel, saying: ", the other \(Double(others[index]).fixed(2))")
    }
    return "<div class=\"strip wide natural\">\(figures.joined())</div>"
  }
}
