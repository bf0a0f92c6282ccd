extension Figure {
  /// Drawings one above the other.
  ///
  /// - Parameter figures: From the top, at least one.
  init(stacking figures: [Figure]) {
    precondition(!figures.isEmpty, "Figure: nothing to stack")
    self.init(
      width: figures.map(\.width).max() ?? 0, height: figures.reduce(0) { $0 + $1.height },
      background: figures[0].background)
    var top = 0.0
    for figure in figures {
      marks += figure.marks.map { $0.lowered(by: top) }
      top += figure.height
    }
  }
}

extension Figure.Mark {
  /// The part somewhat lower.
  fileprivate func lowered(by distance: Double) -> Figure.Mark {
    func lower(_ area: Figure.Area) -> Figure.Area {
      var area = area
      area.top += distance
      return area
    }
    switch self {
    case .fill(let color, let area): return .fill(color, lower(area))
    case .strokes(let strokes, let color, let area):
      let lowered = strokes.map { stroke in
        Picture.Stroke(
          from: (stroke.from.x, stroke.from.y + distance),
          to: (stroke.to.x, stroke.to.y + distance), width: stroke.width)
      }
      return .strokes(lowered, color, within: lower(area))
    case .text(let text, let x, let baseline, let lettering, let color, let anchor):
      return .text(text, x: x, baseline: baseline + distance, lettering, color, anchor: anchor)
    }
  }
}

extension [LinePlot] {
  /// The plots one above the other as a picture, at the first one's scale.
  ///
  /// - Precondition: There is a plot.
  public func picture() -> Picture {
    Figure(stacking: map(\.figure)).picture(scale: self[0].scale)
  }

  /// The plots one above the other as the text of an SVG file.
  ///
  /// - Precondition: There is a plot.
  public var svg: String { Figure(stacking: map(\.figure)).svg }
}
