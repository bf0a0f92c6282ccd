public import Networks
public import Tensors

/// The gradient of the objective with respect to the picture, and what other rules for rectifiers make of it.
public struct Gradient: AttributionMethod {
  /// How the gradient passes rectifiers.
  public var rule: GradientRule
  /// Whether signs are dropped.
  public var absolute: Bool

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - rule: How the gradient passes rectifiers.
  ///   - absolute: Whether signs are dropped.
  public init(rule: GradientRule = .standard, absolute: Bool = false) {
    self.rule = rule
    self.absolute = absolute
  }

  /// Explains pictures; the map has their shape.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let gradient = try explained.gradient(at: pictures, rule: rule)
    return absolute ? gradient.absolute() : gradient
  }
}

extension AttributionMethod where Self == Gradient {
  /// The gradient, with its signs.
  public static var gradient: Gradient { Gradient() }

  /// The size of the gradient.
  ///
  /// Source: Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks", ICLR 2014 workshop.
  public static var saliency: Gradient { Gradient(absolute: true) }

  /// The gradient with only what is positive let through active rectifiers.
  ///
  /// Source: Springenberg et al., "Striving for Simplicity: The All Convolutional Net", ICLR 2015 workshop.
  public static var guidedBackprop: Gradient { Gradient(rule: .guided) }

  /// The gradient with what is positive let through every rectifier, active or not.
  ///
  /// Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.
  public static var deconvolution: Gradient { Gradient(rule: .deconvolution) }
}

extension RegisteredMethod {
  static let gradient = RegisteredMethod(
    "gradient", "the gradient, with its signs", shows: .signed
  ) { _ in .gradient }
  static let saliency = RegisteredMethod("saliency", "the size of the gradient") { _ in .saliency }
  static let guidedBackprop = RegisteredMethod(
    "guided-backprop", "the gradient, only what is positive let through active rectifiers"
  ) { _ in .guidedBackprop }
  static let deconvolution = RegisteredMethod(
    "deconvolution", "the gradient, what is positive let through every rectifier"
  ) { _ in .deconvolution }
}
