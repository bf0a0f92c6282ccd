/// A picture with what stands over and under it: a heading, the bar of its colours, notes.
public struct Panel: Sendable {
  /// The words under a bar.
  public struct BarLabels: Hashable, Sendable {
    /// At the lower end.
    public var lower: String
    /// In the middle; empty where nothing stands there.
    public var middle: String
    /// At the upper end.
    public var upper: String

    /// Creates labels.
    public init(lower: String, middle: String = "", upper: String) {
      (self.lower, self.middle, self.upper) = (lower, middle, upper)
    }
  }

  /// What stands over the picture, the first line the heaviest.
  public var heading: [String]
  /// The picture, or words that stand in its place.
  public var content: Content
  /// The colours under the picture.
  public var bar: (bar: ColorBar, labels: BarLabels)?
  /// What stands under both, a line each.
  public var notes: [String]

  /// What a panel shows.
  public enum Content: Sendable {
    /// A picture; it is scaled to the panel's width.
    case picture(Picture)
    /// Words in a place of some proportions.
    case words(String, width: Int, height: Int)
    /// Nothing: a place that stays free.
    case nothing
  }

  /// Creates a panel.
  ///
  /// - Parameters:
  ///   - heading: What stands over the picture, the first line the heaviest.
  ///   - content: The picture, or words that stand in its place.
  ///   - bar: The colours under the picture, and the words under them.
  ///   - notes: What stands under both, a line each.
  public init(
    _ heading: [String], _ content: Content, bar: (bar: ColorBar, labels: BarLabels)? = nil,
    notes: [String] = []
  ) {
    (self.heading, self.content, self.bar, self.notes) = (heading, content, bar, notes)
  }
}

extension Panel.Content {
  /// Width and height in pixels; nil where nothing is shown.
  var size: (width: Int, height: Int)? {
    switch self {
    case .picture(let picture): (picture.width, picture.height)
    case .words(_, let width, let height): (width, height)
    case .nothing: nil
    }
  }
}
