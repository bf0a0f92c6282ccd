/// A drawing of rectangles, lines and lettering, to be made into pixels or written as SVG.
///
/// Lengths are in points; the origin is the upper left corner.
struct Figure: Sendable {
  /// A part of the drawing.
  enum Mark: Sendable {
    /// A filled rectangle.
    case fill(Color, Area)
    /// Straight strokes with round ends, as one shape; what is outside the area is cut off.
    case strokes([Picture.Stroke], Color, within: Area)
    /// A line of text on its base line.
    case text(
      String, x: Double, baseline: Double, Lettering, Color, anchor: Picture.TextAnchor = .start)
  }

  /// A rectangle.
  struct Area: Hashable, Sendable {
    var left, top, width, height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }
  }

  let width: Double
  let height: Double
  let background: Color
  /// The parts, from below.
  var marks: [Mark] = []

  /// The drawing in pixels.
  ///
  /// - Parameter scale: Pixels a point.
  /// - Returns: A picture of `width` × `height` times that.
  func picture(scale: Int) -> Picture {
    let scale = Double(scale)
    func pixels(_ points: Double) -> Int { Int((points * scale).rounded()) }
    var picture = Picture(
      width: pixels(width), height: pixels(height), filledWith: background)
    for mark in marks {
      switch mark {
      case .fill(let color, let area):
        picture.fill(
          color, x: pixels(area.left), y: pixels(area.top), width: max(pixels(area.width), 1),
          height: max(pixels(area.height), 1))
      case .strokes(let strokes, let color, let area):
        let clip = Picture.Clip(
          columns: pixels(area.left)..<max(pixels(area.left), pixels(area.right)),
          rows: pixels(area.top)..<max(pixels(area.top), pixels(area.bottom)))
        picture.stroke(strokes.map { $0.scaled(scale) }, color: color, within: clip)
      case .text(let text, let x, let baseline, let lettering, let color, let anchor):
        picture.draw(
          text, x: x * scale, baseline: pixels(baseline), color: color,
          lettering: Lettering(size: lettering.size * scale, weight: lettering.weight),
          anchor: anchor)
      }
    }
    return picture
  }
}
