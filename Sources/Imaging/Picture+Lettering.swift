import Synchronization

extension Picture {
  /// Where a line of text stands, from the place that is named.
  public enum TextAnchor: Hashable, Sendable {
    /// The text begins there.
    case start
    /// Its middle is there.
    case middle
    /// It ends there.
    case end
  }

  /// Writes a line of text; what sticks out is cut off.
  ///
  /// - Parameters:
  ///   - text: One line.
  ///   - x: The column that the text is anchored to, in pixels.
  ///   - baseline: The row below the capitals, in pixels.
  ///   - color: The ink.
  ///   - lettering: Typeface and size.
  ///   - anchor: Which part of the text `x` is.
  public mutating func draw(
    _ text: String, x: Double, baseline: Int, color: Color, lettering: Lettering,
    anchor: TextAnchor = .start
  ) {
    let share: Double =
      switch anchor {
      case .start: 0
      case .middle: 0.5
      case .end: 1
      }
    var pen = x - share * lettering.width(of: text)
    for character in text {
      guard let scalar = Typefaces.scalar(for: character) else { continue }
      let quarters = Int((pen * 4).rounded(.down))
      let column = quarters >> 2
      let (glyph, advance) = Typefaces.shared.withLock { faces in
        (
          faces.glyph(of: scalar, in: lettering, quarter: quarters & 3),
          faces.advance(of: scalar, in: lettering)
        )
      }
      draw(glyph, x: column, baseline: baseline, color: color)
      pen += advance
    }
  }

  private mutating func draw(_ glyph: Typefaces.Glyph, x: Int, baseline: Int, color: Color) {
    for (i, ink) in glyph.coverage.enumerated() where ink > 0 {
      let column = x + glyph.left + i % glyph.width
      let row = baseline - glyph.top + i / glyph.width
      guard column >= 0, column < width, row >= 0, row < height else { continue }
      self[x: column, y: row] = self[x: column, y: row].mixed(
        with: color, share: Float(ink) / 255)
    }
  }
}
