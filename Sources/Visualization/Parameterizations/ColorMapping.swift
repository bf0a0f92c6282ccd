public import Autodiff
public import Tensors

/// From unbounded, decorrelated colours to values in 0…1.
///
/// The colours of photographs are correlated: a step along a decorrelated colour changes red, green and
/// blue as photographs do. Source: Olah et al., "Feature Visualization", Distill 2017; lucid
/// `optvis/param/color.py`.
public struct ColorMapping: Hashable, Sendable {
  /// How values are held in 0…1.
  public enum Bounds: Hashable, Sendable {
    /// By the logistic function.
    case sigmoid

    /// By the hyperbolic tangent, `(tanh x + 1) / 2`.
    case tanh

    /// By cutting off; the mean colour of photographs is added first if colours are decorrelated.
    case clamp
  }

  /// Whether three channels are decorrelated colours, not red, green and blue.
  public var decorrelated: Bool

  /// How values are held in 0…1.
  public var bounds: Bounds

  /// Creates a mapping.
  public init(decorrelated: Bool = true, bounds: Bounds = .sigmoid) {
    self.decorrelated = decorrelated
    self.bounds = bounds
  }

  /// Factor `L` of the RGB correlation `L Lᵀ` of ImageNet photographs, from its SVD; rows are R, G, B.
  ///
  /// Source: lucid `optvis/param/color.py`.
  static let correlationRoot: [Float] = [0.26, 0.09, 0.02, 0.27, 0, -0.05, 0.27, -0.09, 0.03]

  /// `correlationRoot` divided by the largest norm of its columns.
  static let correlation: ColorMatrix = {
    var largest: Float = 0
    for column in 0..<3 {
      var sum: Float = 0
      for row in 0..<3 {
        let entry = correlationRoot[3 * row + column]
        sum += entry * entry
      }
      largest = max(largest, sum.squareRoot())
    }
    return ColorMatrix(correlationRoot.map { $0 / largest })
  }()

  /// The mean colour of ImageNet photographs, R, G, B in 0…1.
  ///
  /// Source: lucid `optvis/param/color.py`.
  static let mean = Tensor([3, 1, 1], [0.48, 0.46, 0.41])

  /// Whether pictures have red, green and blue; three bands of a signal, in one row, are none.
  private static func hasColors(_ shape: Shape) -> Bool { shape[1] == 3 && shape[2] > 1 }

  /// Valid colours.
  ///
  /// - Parameter image: Unbounded values, (batch, channels, height, width); pictures with another
  ///   number of channels than three have no colours to decorrelate.
  /// - Returns: Values in 0…1, of the same shape.
  public func callAsFunction(_ image: Variable) -> Variable {
    let correlates = decorrelated && Self.hasColors(image.shape)
    let colors = correlates ? Self.correlation.applied(to: image) : image
    switch bounds {
    case .sigmoid: return sigmoid(colors)
    case .tanh: return (Autodiff.tanh(colors) + 1) * 0.5
    case .clamp:
      return (correlates ? colors + Variable(Self.mean) : colors).clamped(to: 0...1)
    }
  }

  /// Unbounded values that lead to a picture; values at the bounds are moved in by 0.001 unless they are cut
  /// off.
  ///
  /// - Parameter picture: Values in 0…1, (batch, channels, height, width).
  /// - Returns: Unbounded values, of the same shape.
  public func inverse(_ picture: Tensor) -> Tensor {
    let correlates = decorrelated && Self.hasColors(picture.shape)
    var values: Tensor
    switch bounds {
    case .sigmoid, .tanh:
      let held = picture.map { min(max($0, 1e-3), 1 - 1e-3) }
      values = (held / (1 - held)).logarithm() * (bounds == .tanh ? 0.5 : 1)
    case .clamp:
      values = correlates ? picture - Self.mean : picture
    }
    if correlates { values = Self.correlation.inverse.applied(to: Variable(values)).value }
    return values
  }
}
