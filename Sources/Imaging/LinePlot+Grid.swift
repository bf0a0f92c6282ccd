extension LinePlot {
  /// Adds lines at the ticks with their numbers, the axes, and the name of the lower one.
  func addGrid(
    to figure: inout Figure, _ area: Figure.Area, _ x: Axis, _ y: Axis, _ xTicks: [Tick],
    _ yTicks: [Tick]
  ) {
    let (hair, text) = (0.5, Self.lettering)
    for tick in yTicks {
      guard let place = y.place(of: tick.value) else { continue }
      let row = area.bottom - place * area.height
      figure.marks.append(
        .fill(
          theme.frame, Figure.Area(left: area.left, top: row, width: area.width, height: hair)))
      add(
        tick, to: &figure, left: area.left - 6 - width(of: tick), baseline: row + text.capHeight / 2
      )
    }
    for tick in xTicks {
      guard let place = x.place(of: tick.value) else { continue }
      let column = area.left + place * area.width
      figure.marks.append(
        .fill(
          theme.frame, Figure.Area(left: column, top: area.top, width: hair, height: area.height)))
      let room = max(figure.width - width(of: tick), 0)
      add(
        tick, to: &figure, left: min(column - width(of: tick) / 2, room),
        baseline: area.bottom + 8 + text.capHeight)
    }
    for axis in [
      Figure.Area(left: area.left, top: area.bottom, width: area.width, height: hair),
      Figure.Area(left: area.left, top: area.top, width: hair, height: area.height),
    ] { figure.marks.append(.fill(theme.caption, axis)) }
    if !xLabel.isEmpty {
      figure.marks.append(
        .text(
          xLabel, x: area.left + area.width / 2,
          baseline: area.bottom + 8 + text.capHeight + text.lineHeight + 2, text, theme.caption,
          anchor: .middle))
    }
  }

  /// Adds a tick's label; an exponent stands smaller and higher.
  private func add(_ tick: Tick, to figure: inout Figure, left: Double, baseline: Double) {
    let (text, raised) = (Self.lettering, Self.raisedLettering)
    figure.marks.append(.text(tick.label, x: left, baseline: baseline, text, theme.caption))
    guard !tick.exponent.isEmpty else { return }
    figure.marks.append(
      .text(
        tick.exponent, x: left + text.width(of: tick.label) + 0.5,
        baseline: baseline - text.capHeight * 0.55, raised, theme.caption))
  }

  /// The width of a tick's label, in points.
  func width(of tick: Tick) -> Double {
    let label = Self.lettering.width(of: tick.label)
    return tick.exponent.isEmpty
      ? label : label + 0.5 + Self.raisedLettering.width(of: tick.exponent)
  }

  private static let raisedLettering = Lettering(size: 7.5)

  /// The pieces of a line; a dot is a wide piece without length.
  func strokes(
    of line: Line, _ area: Figure.Area, _ x: Axis, _ y: Axis
  ) -> [Picture.Stroke] {
    let places = line.points.map { point -> (Double, Double)? in
      guard let px = x.place(of: point.x), let py = y.place(of: point.y) else { return nil }
      return (area.left + px * area.width, area.top + (1 - py) * area.height)
    }
    var strokes: [Picture.Stroke] = []
    for (from, to) in zip(places, places.dropFirst()) {
      if let from, let to {
        strokes.append(Picture.Stroke(from: from, to: to, width: line.width))
      }
    }
    if line.hasDots || places.count == 1 {
      for case let place? in places {
        strokes.append(Picture.Stroke(from: place, to: place, width: 2.4 * line.width))
      }
    }
    return strokes
  }
}
