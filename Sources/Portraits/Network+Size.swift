public import Networks
public import Tensors
public import Visualization

extension Network {
  /// The size that pictures are brought to.
  ///
  /// - Parameter wanted: What is asked for; nil: what the network was made for.
  /// - Returns: Height and width, in pixels.
  /// - Throws: `FixedSizeError` where the file allows another only.
  public func pictureSize(_ wanted: PictureSize?) throws -> PictureSize {
    let usual = usualSize
    guard let wanted else { return PictureSize(height: usual.height, width: usual.width) }
    let size = PictureSize(
      height: fixedSize.height ?? wanted.height, width: fixedSize.width ?? wanted.width)
    guard size == wanted else { throw FixedSizeError(file: path, size: size) }
    return size
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
  /// - Throws: `FixedSizeError`, and `PictureError` where the network takes no pictures.
  public func pictureShape(_ recipe: Recipe) throws -> Shape {
    try checkTakesPictures()
    return inputShape(size: try pictureSize(recipe.size), count: recipe.batch)
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

/// A size that a network's file does not allow.
public struct FixedSizeError: Error, Hashable, CustomStringConvertible {
  /// The network's file.
  public let file: String
  /// The only size that it takes.
  public let size: PictureSize

  /// What is wrong and what to do.
  public var description: String {
    "\(file) declares that it takes pictures of \(size.width)×\(size.height) pixels; leave the size out, "
      + "or export it again with height and width left open"
  }
}
