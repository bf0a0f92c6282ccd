/// Lines over two axes with ticks at round numbers, a title and a legend.
///
/// ```swift
/// var plot = LinePlot("Training", x: "step", y: "loss", yScale: .logarithmic)
/// plot.add("momentum", losses.enumerated().map { (Double($0), Double($1)) })
/// try plot.picture().write(to: "outputs/training.png")
/// ```
public struct LinePlot: Sendable {
  /// How numbers become distances.
  public enum Scale: Hashable, Sendable {
    /// Equal steps are equally long.
    case linear

    /// Equal factors are equally long; numbers that are not positive are left out.
    case logarithmic
  }

  /// Points in their order, joined.
  public struct Line: Sendable {
    /// What the legend says; an empty name is left out of it.
    public var name: String
    /// The points; a number that is not finite leaves a gap.
    public var points: [(x: Double, y: Double)]
    /// The ink; nil for the palette's next.
    public var color: Color?
    /// The width of the stroke, in points.
    public var width: Double
    /// Whether each point has a dot.
    public var hasDots: Bool
  }

  /// The title, above all; empty for none.
  public var title: String
  /// What the horizontal axis shows.
  public var xLabel: String
  /// What the vertical axis shows; it stands above the axis.
  public var yLabel: String
  /// How the horizontal axis counts.
  public var xScale: Scale
  /// How the vertical axis counts.
  public var yScale: Scale
  /// What is shown of the horizontal axis; nil for all points and a little room.
  public var xRange: ClosedRange<Double>?
  /// What is shown of the vertical axis; nil for all points and a little room.
  public var yRange: ClosedRange<Double>?
  /// The lines, from below.
  public private(set) var lines: [Line] = []
  /// The colours behind everything, from left to right.
  public var shades: [Shade] = []
  /// The width of the picture, in points.
  public var width: Int
  /// The height of the picture, in points.
  public var height: Int
  /// How many pixels a point is wide and high; an SVG file has none.
  public var scale: Int
  /// The colours of the paper and of the ink.
  public var theme: ContactSheet.Theme

  /// A part of the horizontal axis with a colour behind it.
  public struct Shade: Sendable {
    let (from, to): (Double, Double)
    let color: Color

    /// Creates a shade.
    public init(from: Double, to: Double, color: Color) {
      (self.from, self.to, self.color) = (from, to, color)
    }
  }

  /// Creates a plot without lines.
  ///
  /// - Parameters:
  ///   - title: The title, above all.
  ///   - xLabel: What the horizontal axis shows.
  ///   - yLabel: What the vertical axis shows.
  ///   - xScale: How the horizontal axis counts.
  ///   - yScale: How the vertical axis counts.
  ///   - width: The width of the picture, in points.
  ///   - height: The height of the picture, in points.
  ///   - scale: How many pixels a point is wide and high; an SVG file has none.
  ///   - theme: The colours of the paper and of the ink.
  public init(
    _ title: String = "", x xLabel: String = "", y yLabel: String = "", xScale: Scale = .linear,
    yScale: Scale = .linear, width: Int = 480, height: Int = 300, scale: Int = 2,
    theme: ContactSheet.Theme = .light
  ) {
    (self.title, self.xLabel, self.yLabel) = (title, xLabel, yLabel)
    (self.xScale, self.yScale) = (xScale, yScale)
    (self.width, self.height, self.scale, self.theme) = (width, height, scale, theme)
  }

  /// Adds a line over those that are there.
  ///
  /// - Parameters:
  ///   - name: What the legend says; an empty name is left out of it.
  ///   - points: The points, in their order.
  ///   - color: The ink; nil for the palette's next.
  ///   - width: The width of the stroke, in points.
  ///   - hasDots: Whether each point has a dot.
  public mutating func add(
    _ name: String, _ points: [(x: Double, y: Double)], color: Color? = nil,
    width: Double = 1.25, hasDots: Bool = false
  ) {
    lines.append(Line(name: name, points: points, color: color, width: width, hasDots: hasDots))
  }

  /// Inks that people of every colour vision tell apart.
  ///
  /// Source: Okabe and Ito, "Color Universal Design", 2008; the darker half.
  public static let palette = [
    Color(0x0072B2), Color(0xD55E00), Color(0x009E73), Color(0xCC79A7), Color(0xE69F00),
    Color(0x56B4E9),
  ]
}
