/// Panels in rows that are read and compared: aligned, with one lettering that suits the size of the whole.
public struct PanelSheet: Sendable {
  /// The rows from the top, each from the left; they may be of different lengths.
  public var rows: [[Panel]]
  /// The width of a panel, in pixels; higher pictures become narrower.
  public var width: Int
  /// What stands above all.
  public var title: String
  /// What stands beside the title, in a lighter ink.
  public var subtitle: String
  /// What stands below all.
  public var footer: String
  /// The colours of the paper and of the ink.
  public var theme: ContactSheet.Theme

  /// The height of a picture is at most this many times the panel's width.
  static let tallest = 1.25

  /// Creates a sheet.
  ///
  /// - Parameters:
  ///   - rows: The rows from the top, each from the left.
  ///   - width: The width of a panel, in pixels.
  ///   - title: What stands above all.
  ///   - subtitle: What stands beside the title, in a lighter ink.
  ///   - footer: What stands below all.
  ///   - theme: The colours of the paper and of the ink.
  /// - Precondition: There is a panel, and `width` is at least 32.
  public init(
    _ rows: [[Panel]], width: Int, title: String = "", subtitle: String = "", footer: String = "",
    theme: ContactSheet.Theme = .light
  ) {
    precondition(rows.contains { !$0.isEmpty }, "PanelSheet: no panels")
    precondition(width >= 32, "PanelSheet: panels of \(width) pixels")
    (self.rows, self.width) = (rows, width)
    (self.title, self.subtitle, self.footer, self.theme) = (title, subtitle, footer, theme)
  }

  /// The sheet as one picture; it depends on nothing but the sheet.
  public func picture() -> Picture {
    let layout = Layout(of: self)
    var sheet = Picture(width: layout.width, height: layout.height, filledWith: theme.background)
    drawTitle(on: &sheet, layout)
    for (row, panels) in rows.enumerated() {
      for (column, panel) in panels.enumerated() {
        draw(panel, on: &sheet, layout, row, x: layout.left(ofColumn: column))
      }
    }
    for (line, text) in layout.footerLines.enumerated() {
      sheet.draw(
        text, x: Double(layout.margin),
        baseline: layout.footerTop + layout.small.ascent + line * layout.small.step,
        color: theme.caption, lettering: layout.small)
    }
    return sheet
  }

  private func drawTitle(on sheet: inout Picture, _ layout: Layout) {
    guard !title.isEmpty else { return }
    let room = Double(layout.width - 2 * layout.margin)
    let shown = layout.title.shortened(title, to: room)
    let baseline = layout.margin + layout.title.ascent
    sheet.draw(
      shown, x: Double(layout.margin), baseline: baseline, color: theme.title,
      lettering: layout.title)
    let used = layout.title.width(of: shown) + layout.title.size * 0.6
    sheet.draw(
      layout.body.shortened(subtitle, to: room - used), x: Double(layout.margin) + used,
      baseline: baseline, color: theme.caption, lettering: layout.body)
  }

  private func draw(
    _ panel: Panel, on sheet: inout Picture, _ layout: Layout, _ row: Int, x: Int
  ) {
    let place = layout.rows[row]
    var y = place.top
    for (line, text) in panel.heading.enumerated() {
      let usual = line == 0 ? layout.heading : layout.small
      // What stands beside each other may differ in its end alone.
      let lettering = usual.fitting(text, to: Double(width))
      sheet.draw(
        lettering.shortened(text, to: Double(width)), x: Double(x),
        baseline: y + usual.ascent, color: line == 0 ? theme.title : theme.caption,
        lettering: lettering)
      y += usual.step
    }
    guard let size = layout.shownSize(of: panel.content) else { return }
    draw(panel.content, on: &sheet, layout, x: x, y: place.pictureTop, size)
    y = place.pictureTop + place.pictureHeight + layout.gap
    if let (bar, labels) = panel.bar {
      drawBar(
        bar, labels, on: &sheet, layout, x: x, y: y,
        width: layout.barWidth(under: size.width, labels))
      y += layout.barHeight + layout.small.step + layout.gap / 2
    }
    for text in layout.noteLines(of: panel) {
      sheet.draw(
        text, x: Double(x), baseline: y + layout.small.ascent, color: theme.caption,
        lettering: layout.small)
      y += layout.small.step
    }
  }

  private func draw(
    _ content: Panel.Content, on sheet: inout Picture, _ layout: Layout, x: Int, y: Int,
    _ size: (width: Int, height: Int)
  ) {
    switch content {
    case .picture(let picture):
      sheet.fill(theme.frame, x: x - 1, y: y - 1, width: size.width + 2, height: size.height + 2)
      sheet.draw(
        picture.flattened(over: theme.background).resized(width: size.width, height: size.height),
        x: x, y: y)
    case .words(let words, _, _):
      sheet.fill(theme.frame, x: x, y: y, width: size.width, height: size.height)
      sheet.fill(
        theme.background, x: x + 1, y: y + 1, width: size.width - 2, height: size.height - 2)
      let inset = layout.inset
      for (line, text) in layout.lines(of: words).enumerated() {
        sheet.draw(
          text, x: Double(x + inset),
          baseline: y + inset + layout.small.ascent + line * layout.small.step,
          color: theme.caption, lettering: layout.small)
      }
    case .nothing: break
    }
  }

  private func drawBar(
    _ bar: ColorBar, _ labels: Panel.BarLabels, on sheet: inout Picture, _ layout: Layout, x: Int,
    y: Int, width: Int
  ) {
    sheet.fill(theme.frame, x: x - 1, y: y - 1, width: width + 2, height: layout.barHeight + 2)
    sheet.draw(bar.picture(width: width, height: layout.barHeight), x: x, y: y)
    let baseline = y + layout.barHeight + layout.gap / 2 + layout.small.ascent
    var ends: [(String, Double, Picture.TextAnchor)] = [
      (labels.lower, 0, .start), (labels.upper, 1, .end),
    ]
    // The middle goes without its number where the ends need the room.
    let widest = max(layout.small.width(of: labels.lower), layout.small.width(of: labels.upper))
    if widest + layout.small.width(of: labels.middle) / 2 + 4 < Double(width) / 2 {
      ends.append((labels.middle, 0.5, .middle))
    }
    for (text, share, anchor) in ends {
      sheet.draw(
        text, x: Double(x) + share * Double(width), baseline: baseline, color: theme.caption,
        lettering: layout.small, anchor: anchor)
    }
  }
}
