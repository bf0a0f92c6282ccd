import Contracts

/// Pictures in a grid, with captions and a title.
public struct ContactSheet: Sendable {
  /// A picture and what stands under it.
  public struct Tile: Sendable {
    /// The picture.
    public var picture: Picture
    /// One line, or several with newlines between them; a line that is too long ends in an ellipsis.
    public var caption: String

    /// Creates a tile.
    public init(_ picture: Picture, caption: String = "") {
      (self.picture, self.caption) = (picture, caption)
    }
  }

  /// The colours of the paper and of the ink.
  public struct Theme: Hashable, Sendable {
    /// The paper.
    public var background: Color
    /// The title's ink.
    public var title: Color
    /// The captions' ink.
    public var caption: Color
    /// The hairline around each picture, which keeps a white picture apart from white paper.
    public var frame: Color

    /// Dark ink on white paper.
    public static let light = Theme(
      background: .white, title: Color(0x333333), caption: Color(0x777777),
      frame: Color(0xE2E2E2))
    /// Light ink on dark paper.
    public static let dark = Theme(
      background: Color(0x16181C), title: Color(0xE6E6E6), caption: Color(0x9A9FA8),
      frame: Color(0x34383F))
  }

  /// The pictures, from the left and then from the top.
  public var tiles: [Tile]
  /// How many stand side by side.
  public var columns: Int
  /// What stands above all of them.
  public var title: String?
  /// The colours.
  public var theme: Theme
  /// The width and height of a picture's place, in pixels; smaller pictures stand in its middle, and
  /// larger ones are scaled down to fit.
  public var side: (width: Int, height: Int)

  /// Creates a contact sheet.
  ///
  /// - Parameters:
  ///   - tiles: The pictures, from the left and then from the top.
  ///   - columns: How many stand side by side; without it, as many as make the sheet a little wider than
  ///     high and leave few places empty.
  ///   - title: What stands above all of them.
  ///   - theme: The colours.
  /// - Precondition: There is a tile, and `columns` is at least 1.
  public init(
    _ tiles: [Tile], columns: Int? = nil, title: String? = nil, theme: Theme = .light
  ) {
    precondition(!tiles.isEmpty && (columns ?? 1) > 0, "ContactSheet: no tiles or no columns")
    let width = tiles.map(\.picture.width).max() ?? 1
    let height = tiles.map(\.picture.height).max() ?? 1
    (self.tiles, self.title, self.theme) = (tiles, title, theme)
    self.columns =
      columns ?? Layout.columns(for: tiles.count, proportion: Double(width) / Double(height))
    self.side = (width, height)
  }

  /// The sheet as one picture; it depends on nothing but the sheet.
  public func picture() -> Picture {
    let layout = Layout(of: self)
    var sheet = Picture(width: layout.width, height: layout.height, filledWith: theme.background)
    if let title {
      sheet.draw(
        layout.title.shortened(title, to: Double(layout.width - 2 * layout.margin)),
        x: Double(layout.margin),
        baseline: layout.margin + Int(layout.title.capHeight.rounded()), color: theme.title,
        lettering: layout.title)
    }
    for (index, tile) in tiles.enumerated() {
      let (left, top) = layout.origin(of: index)
      var picture = tile.picture
      if picture.width > side.width || picture.height > side.height {
        picture = picture.fitted(width: side.width, height: side.height)
      }
      let x = left + (side.width - picture.width) / 2
      let y = top + (side.height - picture.height) / 2
      sheet.fill(
        theme.frame, x: x - 1, y: y - 1, width: picture.width + 2, height: picture.height + 2)
      sheet.draw(picture.flattened(over: theme.background), x: x, y: y)
      for (row, line) in Layout.lines(of: tile.caption).enumerated() {
        sheet.draw(
          layout.caption.shortened(String(line), to: Double(side.width)), x: Double(left),
          baseline: top + layout.baseline(ofRow: row, below: side.height), color: theme.caption,
          lettering: layout.caption)
      }
    }
    return sheet
  }
}
