extension LinePlot {
  /// The plot as a picture; it depends on nothing but the plot.
  public func picture() -> Picture {
    let points = lines.flatMap(\.points)
    let x = Axis(xScale, of: points.map(\.x), range: xRange)
    let y = Axis(yScale, of: points.map(\.y), range: yRange)
    var sheet = Picture(width: width * scale, height: height * scale, filledWith: theme.background)
    let yTicks = y.ticks(atMost: height / 36)
    let xTicks = x.ticks(atMost: width / 60)
    let margin = 10 * scale
    var top = margin
    if !title.isEmpty {
      let room = sheet.width - 2 * margin
      sheet.draw(
        BitmapFont.shortened(title, to: room, scale: scale + 1), x: margin, y: top,
        color: theme.title, scale: scale + 1)
      top += BitmapFont.lineHeight * (scale + 1) + 4 * scale
    }
    top = drawLegend(on: &sheet, left: margin, top: top)
    if !yLabel.isEmpty {
      sheet.draw(yLabel, x: margin, y: top, color: theme.caption, scale: scale)
      top += (BitmapFont.lineHeight + 5) * scale
    }
    let labels = yTicks.map { width(of: $0) }.max() ?? 0
    let left = margin + labels + 5 * scale
    let below = (BitmapFont.lineHeight + 5) * scale * (xLabel.isEmpty ? 1 : 2)
    let area = Area(
      left: left, top: top, width: sheet.width - left - margin - 4 * scale,
      height: sheet.height - top - below - margin / 2)
    drawGrid(on: &sheet, area, x, y, xTicks, yTicks)
    for (line, ink) in zip(lines, inks) {
      sheet.stroke(strokes(of: line, area, x, y), color: ink, within: area)
    }
    return sheet
  }

  /// Where the lines are drawn, in pixels.
  struct Area {
    var left, top, width, height: Int
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
  private func drawLegend(on sheet: inout Picture, left: Int, top: Int) -> Int {
    let named = zip(lines, inks).filter { !$0.0.name.isEmpty }
    if named.isEmpty { return top }
    var (x, y) = (left, top)
    let piece = 14 * scale
    for (line, ink) in named {
      let wide = piece + 4 * scale + BitmapFont.width(of: line.name, scale: scale)
      if x > left, x + wide > sheet.width - left {
        (x, y) = (left, y + (BitmapFont.lineHeight + 2) * scale)
      }
      let middle = y + BitmapFont.capHeight * scale / 2
      sheet.fill(ink, x: x, y: middle - scale / 2, width: piece, height: max(scale, 2))
      sheet.draw(line.name, x: x + piece + 4 * scale, y: y, color: theme.title, scale: scale)
      x += wide + 14 * scale
    }
    return y + (BitmapFont.lineHeight + 6) * scale
  }

  private func drawGrid(
    on sheet: inout Picture, _ area: Area, _ x: Axis, _ y: Axis, _ xTicks: [Tick],
    _ yTicks: [Tick]
  ) {
    let hair = max(scale / 2, 1)
    let bottom = area.top + area.height
    for tick in yTicks {
      guard let place = y.place(of: tick.value) else { continue }
      let row = bottom - Int((place * Double(area.height)).rounded())
      sheet.fill(theme.frame, x: area.left, y: row, width: area.width, height: hair)
      let cap = BitmapFont.capHeight * scale
      draw(tick, on: &sheet, x: area.left - 5 * scale - width(of: tick), y: row - cap / 2)
    }
    for tick in xTicks {
      guard let place = x.place(of: tick.value) else { continue }
      let column = area.left + Int((place * Double(area.width)).rounded())
      sheet.fill(theme.frame, x: column, y: area.top, width: hair, height: area.height)
      let room = max(sheet.width - width(of: tick), 0)
      draw(
        tick, on: &sheet, x: min(column - width(of: tick) / 2, room), y: bottom + 7 * scale)
    }
    sheet.fill(theme.caption, x: area.left, y: bottom, width: area.width, height: hair)
    sheet.fill(theme.caption, x: area.left, y: area.top, width: hair, height: area.height)
    if !xLabel.isEmpty {
      let middle = area.left + (area.width - BitmapFont.width(of: xLabel, scale: scale)) / 2
      sheet.draw(
        xLabel, x: middle, y: bottom + (BitmapFont.lineHeight + 10) * scale, color: theme.caption,
        scale: scale)
    }
  }

  /// Writes a tick's label; an exponent stands smaller and higher.
  private func draw(_ tick: Tick, on sheet: inout Picture, x: Int, y: Int) {
    sheet.draw(tick.label, x: x, y: y, color: theme.caption, scale: scale)
    let end = x + BitmapFont.width(of: tick.label, scale: scale) + scale
    sheet.draw(
      tick.exponent, x: end, y: y - 3 * small, color: theme.caption, scale: small)
  }

  private func width(of tick: Tick) -> Int {
    let raised = BitmapFont.width(of: tick.exponent, scale: small)
    return BitmapFont.width(of: tick.label, scale: scale) + (raised > 0 ? scale + raised : 0)
  }

  /// The scale of exponents.
  private var small: Int { max(scale - 1, 1) }

  /// The pieces of a line in pixels; a dot is a wide piece without length.
  private func strokes(of line: Line, _ area: Area, _ x: Axis, _ y: Axis) -> [Picture.Stroke] {
    let places = line.points.map { point -> (Double, Double)? in
      guard let px = x.place(of: point.x), let py = y.place(of: point.y) else { return nil }
      return (
        Double(area.left) + px * Double(area.width),
        Double(area.top) + (1 - py) * Double(area.height)
      )
    }
    let wide = line.width * Double(scale)
    var strokes: [Picture.Stroke] = []
    for (from, to) in zip(places, places.dropFirst()) {
      if let from, let to { strokes.append(Picture.Stroke(from: from, to: to, width: wide)) }
    }
    if line.hasDots || places.count == 1 {
      for case let place? in places {
        strokes.append(Picture.Stroke(from: place, to: place, width: 2.4 * wide))
      }
    }
    return strokes
  }
}
