public import Visualization

/// How one picture is made: its recipe, its size, and how large it is shown.
public struct PictureSettings: Hashable, Sendable {
  /// What decides how the unit's picture comes out.
  public var recipe: Recipe
  /// Height and width in pixels; nil: what the network was made for.
  public var size: PixelSize?
  /// How many times larger the file's picture is; nil: as large as one can look at.
  public var scale: Int?
  /// A picture to start from, from the working directory; nil: a random one.
  public var start: String?

  /// Creates settings.
  ///
  /// - Parameter recipe: What the model's own settings say, or the defaults.
  public init(recipe: Recipe = Recipe()) {
    self.recipe = recipe
  }

  /// The keys that a plan may use.
  public static var keys: [String] { Setting.all.map(\.key) }
}

/// Height and width in pixels.
public struct PixelSize: Hashable, Sendable {
  /// The number of rows.
  public var height: Int
  /// The number of columns.
  public var width: Int

  /// Creates a size.
  public init(height: Int, width: Int) {
    (self.height, self.width) = (height, width)
  }
}
