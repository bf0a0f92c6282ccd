public import Tensors

/// A map of numbers over a picture, such as which pixels mattered, and how it is shown.
public struct HeatMap: Sendable {
  /// The numbers, shape (H, W).
  public let values: Tensor
  /// The colours.
  public var colors: ColorMap
  /// How numbers become positions in `colors`.
  public var normalization: Normalization

  /// Creates a map of values without a sign, or of which only the positive ones count.
  ///
  /// - Parameters:
  ///   - values: Shape (H, W), (1, H, W) or (1, 1, H, W).
  ///   - colors: The colours, light for much on dark for little.
  ///   - normalization: How numbers become positions in `colors`.
  /// - Precondition: The shape is one of these, without an empty axis.
  public init(
    _ values: Tensor, colors: ColorMap = .inferno, normalization: Normalization = .percentile(99)
  ) {
    let shape = values.shape
    precondition(
      shape.rank >= 2 && shape.count > 0 && shape.count == shape[-2] * shape[-1],
      "HeatMap: values of shape \(shape); it must be H×W, 1×H×W or 1×1×H×W")
    self.values = values.reshaped([shape[-2], shape[-1]])
    self.colors = colors
    self.normalization = normalization
  }

  /// Creates a map of values with a sign: blue for negative, white for 0, red for positive.
  ///
  /// - Parameters:
  ///   - values: Shape (H, W), (1, H, W) or (1, 1, H, W).
  ///   - percentile: The percentile of the magnitudes, 0…100, that gets the fullest colour.
  /// - Precondition: The shape is one of these, without an empty axis.
  public init(signed values: Tensor, percentile: Double = 99) {
    self.init(
      values, colors: .blueWhiteRed, normalization: .symmetric(percentile: percentile))
  }

  /// The map in its colours, a pixel a value.
  public var picture: Picture { picture(width: values.shape[1], height: values.shape[0]) }

  /// The map in its colours at another size, the numbers and not the colours interpolated.
  ///
  /// By default along straight lines, which add no ripples of their own to a map with a sign.
  ///
  /// - Precondition: `width` and `height` are at least 1.
  public func picture(
    width: Int, height: Int, by resampling: Resampling = .bilinear
  ) -> Picture {
    let values = normalization(values).resized(width: width, height: height, by: resampling)
    var picture = Picture(width: width, height: height)
    for (i, value) in values.scalars.enumerated() {
      let color = colors[value]
      (picture.bytes[3 * i], picture.bytes[3 * i + 1], picture.bytes[3 * i + 2]) =
        (color.red, color.green, color.blue)
    }
    return picture
  }

  /// The map laid over a picture: the picture in grey, coloured the more the larger the magnitude.
  ///
  /// - Parameters:
  ///   - picture: What the map is about; the map is scaled to its size.
  ///   - opacity: The opacity of the largest magnitude, 0…1.
  /// - Returns: A picture of the size of `picture`, without alpha.
  public func overlay(on picture: Picture, opacity: Float = 0.8) -> Picture {
    let (width, height) = (picture.width, picture.height)
    let values = normalization(values).resized(width: width, height: height, by: .bilinear).scalars
    var result = picture.flattened()
    for (i, value) in values.enumerated() {
      let (x, y) = (i % width, i / width)
      let magnitude = colors.isDiverging ? abs(2 * value - 1) : value
      let grey = Color(grey: UInt8(byteOfUnit: backdrop(result[x: x, y: y].luma)))
      result[x: x, y: y] = grey.mixed(with: colors[value], share: opacity * magnitude.clampedToUnit)
    }
    return result
  }

  /// The colours and the numbers at both their ends.
  public var bar: ColorBar { ColorBar(colors, normalization.range(of: values)) }

  /// Grey with less contrast and no deep blacks, so that the colours over it can be told apart; almost white
  /// under colours that have white in their middle.
  private func backdrop(_ luma: Float) -> Float {
    colors.isDiverging ? 0.45 + 0.55 * luma : 0.2 + 0.75 * luma
  }

  /// Picture, map and overlay side by side, with captions.
  ///
  /// - Parameters:
  ///   - picture: What the map is about; the map is scaled to its size.
  ///   - captions: What stands under the three, from the left; those that are missing stay blank.
  ///   - title: What stands above them.
  ///   - theme: Light or dark.
  /// - Returns: A picture somewhat wider than three times `picture`.
  public func panel(
    of picture: Picture, captions: [String] = ["picture", "map", "overlay"],
    title: String? = nil, theme: ContactSheet.Theme = .light
  ) -> Picture {
    let pictures = [
      picture, self.picture(width: picture.width, height: picture.height), overlay(on: picture),
    ]
    let tiles = pictures.indices.map { i in
      ContactSheet.Tile(pictures[i], caption: i < captions.count ? captions[i] : "")
    }
    return ContactSheet(tiles, columns: tiles.count, title: title, theme: theme).picture()
  }
}
