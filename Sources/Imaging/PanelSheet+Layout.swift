extension PanelSheet {
  /// Where everything on a sheet stands, in pixels.
  struct Layout {
    /// Where a row stands.
    struct Row {
      let top: Int
      let pictureTop: Int
      let pictureHeight: Int
    }

    let title: Lettering
    let heading: Lettering
    let body: Lettering
    let small: Lettering
    let margin: Int
    let gutter: Int
    /// Between a picture and its bar, and half of it between smaller things.
    let gap: Int
    let barHeight: Int
    let width: Int
    private(set) var height = 0
    private(set) var rows: [Row] = []
    private(set) var footerLines: [String] = []
    private(set) var footerTop = 0
    private let panelWidth: Int

    init(of sheet: PanelSheet) {
      panelWidth = sheet.width
      let columns = sheet.rows.map(\.count).max() ?? 1
      gutter = max(sheet.width / 12, 10)
      margin = gutter + gutter / 2
      width = 2 * margin + columns * (sheet.width + gutter) - gutter
      // A sheet is shown as wide as a page: letters grow with it, as far as a panel has room for them.
      let size = min(max(Double(width) / 74, 13), max(Double(sheet.width) / 13, 9))
      (body, small) = (Lettering(size: size), Lettering(size: size * 0.86))
      heading = Lettering(size: size, weight: .semibold)
      title = Lettering(size: size * 1.45, weight: .semibold)
      gap = Int((size * 0.6).rounded())
      barHeight = max(Int((size * 0.5).rounded()), 4)

      var top = margin
      if !sheet.title.isEmpty { top += title.ascent + Int(size * 1.6) }
      for panels in sheet.rows { top = add(panels, top: top) }
      var bottom = top - gutter
      if !sheet.footer.isEmpty {
        footerTop = bottom + gutter
        footerLines = small.lines(of: sheet.footer, in: Double(width - 2 * margin))
        bottom = footerTop + footerLines.count * small.step
      }
      height = bottom + margin
    }

    /// Adds a row; returns where the next one begins.
    private mutating func add(_ panels: [Panel], top: Int) -> Int {
      let headings =
        panels.map { panel in
          panel.heading.indices.reduce(0) { $0 + ($1 == 0 ? heading.step : small.step) }
        }.max() ?? 0
      let pictures = panels.compactMap { shownSize(of: $0.content)?.height }.max() ?? 0
      let below = panels.map(heightBelow).max() ?? 0
      let pictureTop = top + headings + (headings > 0 ? gap / 3 : 0)
      rows.append(Row(top: top, pictureTop: pictureTop, pictureHeight: pictures))
      return pictureTop + pictures + below + gutter
    }

    /// What a panel needs below its picture.
    private func heightBelow(_ panel: Panel) -> Int {
      let notes = noteLines(of: panel).count
      guard panel.bar != nil || notes > 0 else { return 0 }
      let bar = panel.bar == nil ? 0 : barHeight + small.step + gap / 2
      return gap + bar + notes * small.step
    }

    /// The left edge of a column.
    func left(ofColumn column: Int) -> Int { margin + column * (panelWidth + gutter) }

    /// As wide as the picture above it; as a panel where the numbers at its ends need the room.
    func barWidth(under picture: Int, _ labels: Panel.BarLabels) -> Int {
      let ends = small.width(of: labels.lower) + small.width(of: labels.upper) + small.size
      return Double(picture) < ends ? panelWidth : picture
    }

    /// A panel's notes, broken into lines.
    func noteLines(of panel: Panel) -> [String] {
      panel.notes.flatMap { small.lines(of: $0, in: Double(panelWidth), atMost: 3) }
    }

    /// Between the frame of words and the words.
    var inset: Int { 2 * gap }

    /// The lines of words in a picture's place, all of them.
    func lines(of words: String) -> [String] {
      small.lines(of: words, in: Double(max(panelWidth - 2 * inset, 1)))
    }

    /// The size at which something is shown: as wide as the panel, unless it becomes too high.
    ///
    /// Words are as wide as the panel and have the height that they need.
    func shownSize(of content: Panel.Content) -> (width: Int, height: Int)? {
      let size = proportionalSize(of: content)
      guard case .words(let words, _, _) = content else { return size }
      let needed = lines(of: words).count * small.step + 2 * inset
      return (panelWidth, max(size?.height ?? 0, needed))
    }

    private func proportionalSize(of content: Panel.Content) -> (width: Int, height: Int)? {
      guard let (width, height) = content.size else { return nil }
      let scale = min(
        Double(panelWidth) / Double(width),
        PanelSheet.tallest * Double(panelWidth) / Double(height))
      return (
        max(Int((Double(width) * scale).rounded()), 1),
        max(Int((Double(height) * scale).rounded()), 1)
      )
    }
  }
}

extension Lettering {
  /// From the top of the capitals to the base line, in whole pixels.
  var ascent: Int { Int(capHeight.rounded()) }
  /// From one line to the next, in whole pixels.
  var step: Int { Int(lineHeight.rounded()) }
}
