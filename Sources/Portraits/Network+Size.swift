public import Networks
public import Tensors
public import Visualization

extension Network {
  /// The size that pictures are brought to.
  ///
  /// What the file declares is what holds where nothing is asked for; most graphs take other sizes as well, and
  /// those that do not say so when they are planned.
  ///
  /// - Parameter wanted: What is asked for; nil: what the network was made for.
  /// - Returns: Height and width, in pixels; a signal has one row.
  public func pictureSize(_ wanted: PictureSize?) -> PictureSize {
    guard let wanted else { return PictureSize(height: usualSize.height, width: usualSize.width) }
    return form == .signal ? PictureSize(height: 1, width: wanted.width) : wanted
  }

  /// The shape of an input of pictures.
  ///
  /// - Parameters:
  ///   - size: Height and width, in pixels.
  ///   - count: How many pictures.
  /// - Returns: N×C×H×W.
  public func inputShape(size: PictureSize, count: Int = 1) -> Shape {
    let one = inputShape(size: (height: size.height, width: size.width))
    return count == 1 ? one : Shape([count] + one.dimensions.dropFirst())
  }

  /// The shape of the pictures that a recipe asks for.
  ///
  /// - Throws: `PictureError` where the network takes no pictures.
  public func pictureShape(_ recipe: Recipe) throws -> Shape {
    try checkTakesPictures()
    if recipe.looksAtParts, let size = recipe.size, exceedsUsual(size) {
      return inputShape(size: size, count: recipe.batch)
    }
    return inputShape(size: pictureSize(recipe.size), count: recipe.batch)
  }

  /// The shape of what the network sees of a recipe's pictures: of larger ones, views of the size that it was
  /// made for.
  ///
  /// - Throws: As `pictureShape(_:)`.
  public func seenShape(_ recipe: Recipe) throws -> Shape {
    let shape = try pictureShape(recipe)
    guard recipe.looksAtParts, let size = recipe.size, exceedsUsual(size) else { return shape }
    return inputShape(size: pictureSize(nil), count: recipe.batch)
  }

  /// Settings that people say, completed by what the network's file shows: its kind, and `views` where nobody names
  /// transforms and the pictures are half as large again as what it was made for.
  ///
  /// - Throws: `SettingError` for what a setting cannot be.
  public func completed(_ settings: [String: String]) throws -> [String: String] {
    var asked = Recipe()
    try asked.take(settings)
    var settings = settings
    if settings[Settings.recipe.key] == nil, kind != .convolutional {
      settings[Settings.recipe.key] = kind.name
    }
    if settings[Settings.transforms.key] == nil, let size = asked.size, isLarge(size) {
      settings[Settings.transforms.key] = Recipe.parts
    }
    return settings
  }

  private func isLarge(_ size: PictureSize) -> Bool {
    exceedsUsual(size)
      && (2 * size.height >= 3 * usualSize.height || 2 * size.width >= 3 * usualSize.width)
  }

  /// Whether pictures are larger than what the network was made for, and nowhere smaller.
  private func exceedsUsual(_ size: PictureSize) -> Bool {
    let usual = usualSize
    return size.height >= usual.height && size.width >= usual.width
      && (size.height, size.width) != (usual.height, usual.width)
  }
}

extension Recipe {
  /// The transforms that show parts of a picture, each as large as the network's input.
  fileprivate static let parts = "views"

  /// Whether the network sees parts of the picture.
  fileprivate var looksAtParts: Bool { transforms == Self.parts }
}

extension PictureSize {
  /// How many times its size a picture is shown so that it has about so many pixels a side, at least once.
  ///
  /// - Parameters:
  ///   - side: The pixels along the longer side.
  ///   - rule: How the factor becomes a whole number.
  /// - Returns: The factor.
  public func enlargement(
    to side: Int, rounded rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero
  ) -> Int {
    max(1, Int((Double(side) / Double(max(height, width))).rounded(rule)))
  }
}
