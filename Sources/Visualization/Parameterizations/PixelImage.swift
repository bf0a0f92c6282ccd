public import Autodiff
public import Tensors

/// Pictures as their pixels: the plainest parameterization, in which noise grows fastest.
public struct PixelImage: Parameterization {
  /// The shape of the pictures: (batch, channels, height, width).
  public let shape: Shape

  /// The standard deviation of the first values.
  public let standardDeviation: Float

  /// From unbounded values to values in 0…1.
  public let colors: ColorMapping

  /// Creates the parameterization.
  ///
  /// - Parameters:
  ///   - height: In pixels.
  ///   - width: In pixels.
  ///   - channels: The number of channels; three are red, green and blue.
  ///   - batch: The number of pictures.
  ///   - standardDeviation: Of the first values.
  ///   - colors: From unbounded values to values in 0…1.
  public init(
    height: Int, width: Int, channels: Int = 3, batch: Int = 1, standardDeviation: Float = 0.01,
    colors: ColorMapping = ColorMapping()
  ) {
    shape = [batch, channels, height, width]
    self.standardDeviation = standardDeviation
    self.colors = colors
  }

  /// Creates the parameterization of square pictures, three channels each.
  public init(side: Int, batch: Int = 1) {
    self.init(height: side, width: side, batch: batch)
  }

  /// Creates the parameterization of pictures of a shape, N×C×H×W.
  public init(_ shape: Shape) {
    self.init(height: shape[2], width: shape[3], channels: shape[1], batch: shape[0])
  }

  /// Independent normal draws.
  ///
  /// - Parameter random: The source of randomness.
  /// - Returns: One tensor of the shape `shape`.
  public func initialParameters(using random: inout some RandomNumberGenerator) -> [Tensor] {
    [.normal(shape, standardDeviation: standardDeviation, using: &random)]
  }

  /// The values of a picture before colours are mapped.
  ///
  /// - Parameter picture: Values in 0…1, of the shape `shape`.
  /// - Returns: One tensor of the shape `shape`.
  public func parameters(fitting picture: Tensor) -> [Tensor] {
    precondition(picture.shape == shape, "PixelImage: \(picture.shape) is not \(shape)")
    return [colors.inverse(picture)]
  }

  /// The pictures that belong to values.
  ///
  /// - Parameter parameters: One variable of the shape `shape`.
  /// - Returns: Values in 0…1, of the shape `shape`.
  public func image(_ parameters: [Variable]) -> Variable { colors(parameters[0]) }
}

extension PixelImage {
  /// What it is called.
  static let named = NamedParameterization(
    "pixel", help: "the pixels themselves, in larger steps, smooth",
    suits: ["learning-rate": "0.2", "tv": "0.5"]
  ) { ascent, _ in PixelImage(ascent.shape) }
}
