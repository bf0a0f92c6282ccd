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
    return inputShape(size: pictureSize(recipe.size), count: recipe.batch)
  }
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
