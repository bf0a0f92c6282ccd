import Tensors

extension BitmapFont {
  /// One character as dots: for each row from the top, whether there is ink in each column.
  struct Glyph: Sendable {
    let rows: [[Bool]]

    /// The number of columns.
    var width: Int { rows.first?.count ?? 0 }

    /// The share of ink in each pixel at a scale, shape (rows, columns).
    func coverage(scale: Int) -> Tensor {
      let fine = scale == 1 ? self : doubled().doubled().doubled()
      let ink = Tensor(
        [fine.rows.count, fine.width], fine.rows.flatMap { $0.map { $0 ? 1 : 0 } })
      return ink.resized(width: width * scale, height: rows.count * scale, by: .area)
    }

    /// Twice as many dots each way, staircases made finer.
    ///
    /// A dot's quarter takes the ink of the two neighbours that it touches if they agree and the two
    /// others do not join in. Source: Andrea Mazzoleni, "Scale2x", 2001.
    private func doubled() -> Glyph {
      func ink(_ x: Int, _ y: Int) -> Bool {
        rows.indices.contains(y) && rows[y].indices.contains(x) && rows[y][x]
      }
      var doubled: [[Bool]] = []
      for y in 0..<rows.count * 2 {
        doubled.append(
          (0..<width * 2).map { x in
            let (dx, dy) = (x % 2 == 0 ? -1 : 1, y % 2 == 0 ? -1 : 1)
            let (column, row) = (x / 2, y / 2)
            let beside = ink(column + dx, row)
            let above = ink(column, row + dy)
            let joins =
              beside == above && beside != ink(column, row - dy)
              && above != ink(column - dx, row)
            return joins ? beside : ink(column, row)
          })
      }
      return Glyph(rows: doubled)
    }
  }
}

extension Picture {
  /// Writes a line of text; what sticks out is cut off.
  ///
  /// - Parameters:
  ///   - text: One line.
  ///   - x: The column of its left edge, in pixels.
  ///   - y: The row of the capitals' top edge, in pixels.
  ///   - color: The ink.
  ///   - scale: How many pixels each dot of the font is wide and high.
  /// - Precondition: `scale` is at least 1.
  public mutating func draw(_ text: String, x: Int, y: Int, color: Color, scale: Int = 1) {
    precondition(scale >= 1, "draw: text at scale \(scale)")
    var left = x
    for character in text {
      let glyph = BitmapFont.glyph(for: character)
      let columns = glyph.width * scale
      for (i, share) in glyph.coverage(scale: scale).scalars.enumerated() where share > 0 {
        let (column, row) = (left + i % columns, y + i / columns)
        guard column >= 0, column < width, row >= 0, row < height else { continue }
        self[x: column, y: row] = self[x: column, y: row].mixed(with: color, share: share)
      }
      left += columns + scale
    }
  }
}
