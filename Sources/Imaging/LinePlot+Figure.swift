extension LinePlot {
  /// The plot as a picture; it depends on nothing but the plot.
  public func picture() -> Picture { figure.picture(scale: scale) }

  /// The plot as the text of an SVG file, of `width` × `height` points.
  public var svg: String { figure.svg }

  /// The lettering of everything but the title.
  static let lettering = Lettering(size: 10)
  /// The lettering of the title.
  static let titleLettering = Lettering(size: 13, weight: .semibold)
  private static let margin: Double = 12

  /// The plot as a drawing.
  var figure: Figure {
    let points = lines.flatMap(\.points)
    let x = Axis(xScale, of: points.map(\.x), range: xRange)
    let y = Axis(yScale, of: points.map(\.y), range: yRange)
    var figure = Figure(
      width: Double(width), height: Double(height), background: theme.background)
    let (margin, text) = (Self.margin, Self.lettering)
    var top = margin
    if !title.isEmpty {
      let lettering = Self.titleLettering
      figure.marks.append(
        .text(
          lettering.shortened(title, to: figure.width - 2 * margin), x: margin,
          baseline: top + lettering.capHeight, lettering, theme.title))
      top += lettering.capHeight + 10
    }
    top = addLegend(to: &figure, left: margin, top: top)
    if !yLabel.isEmpty {
      figure.marks.append(
        .text(yLabel, x: margin, baseline: top + text.capHeight, text, theme.caption))
      top += text.capHeight + 9
    }
    let yTicks = y.ticks(atMost: height / 36)
    let labels = yTicks.map { width(of: $0) }.max() ?? 0
    let left = margin + labels + 7
    let below = text.lineHeight + (xLabel.isEmpty ? 0 : text.lineHeight + 4)
    let area = Figure.Area(
      left: left, top: top, width: figure.width - left - margin - 4,
      height: figure.height - top - below - margin)
    for shade in shades {
      guard let from = x.place(of: shade.from), let to = x.place(of: shade.to) else { continue }
      // From one whole point to the next, so that no gap is left.
      let (start, end) = ((area.width * from).rounded(), (area.width * to).rounded())
      guard end > start else { continue }
      figure.marks.append(
        .fill(
          shade.color,
          .init(left: area.left + start, top: area.top, width: end - start, height: area.height)))
    }
    addGrid(to: &figure, area, x, y, x.ticks(atMost: width / 60), yTicks)
    for (line, ink) in zip(lines, inks) {
      figure.marks.append(.strokes(strokes(of: line, area, x, y), ink, within: area))
    }
    return figure
  }

  /// Each line's ink: its own, or the palette's next.
  private var inks: [Color] {
    var next = 0
    return lines.map { line in
      if let color = line.color { return color }
      defer { next += 1 }
      return Self.palette[next % Self.palette.count]
    }
  }

  /// Writes the names with a piece of their lines, one beside the other; returns where the next row begins.
  private func addLegend(to figure: inout Figure, left: Double, top: Double) -> Double {
    let named = zip(lines, inks).filter { !$0.0.name.isEmpty }
    if named.isEmpty { return top }
    let text = Self.lettering
    let (piece, gap): (Double, Double) = (14, 5)
    var (x, y) = (left, top)
    for (line, ink) in named {
      let wide = piece + gap + text.width(of: line.name)
      if x > left, x + wide > figure.width - left {
        (x, y) = (left, y + text.lineHeight + 2)
      }
      let swatch = Figure.Area(
        left: x, top: y + text.capHeight / 2 - 0.75, width: piece, height: 1.5)
      figure.marks.append(.fill(ink, swatch))
      figure.marks.append(
        .text(line.name, x: x + piece + gap, baseline: y + text.capHeight, text, theme.title))
      x += wide + 16
    }
    return y + text.capHeight + 12
  }
}
