extension Picture {
  /// A straight piece of a line with round ends.
  struct Stroke: Sendable {
    /// Where it begins.
    var from: (x: Double, y: Double)
    /// Where it ends.
    var to: (x: Double, y: Double)
    /// How wide it is.
    var width: Double

    /// The stroke with all its lengths times a number.
    func scaled(_ factor: Double) -> Stroke {
      Stroke(
        from: (from.x * factor, from.y * factor), to: (to.x * factor, to.y * factor),
        width: width * factor)
    }

    /// The distance of a place from the middle of the stroke.
    func distance(from x: Double, _ y: Double) -> Double {
      let (dx, dy) = (to.x - from.x, to.y - from.y)
      let length = dx * dx + dy * dy
      let along = length == 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length
      let share = min(max(along, 0), 1)
      let (ex, ey) = (x - from.x - share * dx, y - from.y - share * dy)
      return (ex * ex + ey * ey).squareRoot()
    }
  }

  /// Pixels that may be drawn on.
  struct Clip {
    var columns: Range<Int>
    var rows: Range<Int>
  }

  /// Draws strokes of one ink with smooth edges, as one shape: where they overlap nothing gets darker.
  ///
  /// - Parameters:
  ///   - strokes: The strokes.
  ///   - color: The ink.
  ///   - clip: What is outside it is cut off.
  mutating func stroke(_ strokes: [Stroke], color: Color, within clip: Clip) {
    let columns = clip.columns.clamped(to: 0..<width)
    let rows = clip.rows.clamped(to: 0..<height)
    var coverage = [Float](repeating: 0, count: columns.count * rows.count)
    for stroke in strokes {
      let reach = stroke.width / 2 + 1
      let ys = Self.pixels(stroke.from.y, stroke.to.y, reach, within: rows)
      let xs = Self.pixels(stroke.from.x, stroke.to.x, reach, within: columns)
      for y in ys {
        let row = (y - rows.lowerBound) * columns.count - columns.lowerBound
        for x in xs {
          let distance = stroke.distance(from: Double(x) + 0.5, Double(y) + 0.5)
          let share = Float(stroke.width / 2 + 0.5 - distance)
          if share > coverage[row + x] { coverage[row + x] = min(share, 1) }
        }
      }
    }
    for y in rows {
      for x in columns {
        let share = coverage[(y - rows.lowerBound) * columns.count + x - columns.lowerBound]
        if share > 0 { self[x: x, y: y] = self[x: x, y: y].mixed(with: color, share: share) }
      }
    }
  }

  /// The pixels that a stroke between two coordinates may touch.
  private static func pixels(
    _ a: Double, _ b: Double, _ reach: Double, within range: Range<Int>
  ) -> Range<Int> {
    let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
    let first = Int(min(max(min(a, b) - reach, low), high))
    let last = Int(min(max(max(a, b) + reach + 1, low), high))
    return first..<max(first, last)
  }
}
