public import Networks
public import Tensors

/// The gradient of the target with respect to the input, and what other rules for rectifiers make of it.
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

  /// Explains one scalar at one input.
  ///
  /// - Parameters:
  ///   - input: N×C×H×W. Every sample is explained on its own.
  ///   - subject: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The shape of `input`.
  /// - Throws: `NetworkError` or `AttributionError`.
  public func attribute(
    _ input: Tensor, of subject: Subject, progress: (Double) -> Void
  ) throws -> Tensor {
    let plan = try TargetPlan(subject, inputShape: input.shape, rule: rule)
    let gradient = try plan.gradient(at: input)
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

/// The gradient times the input, element by element: what each element contributes to a linear network.
///
/// Source: Shrikumar et al., "Not Just a Black Box", 2016.
public struct InputTimesGradient: AttributionMethod {
  /// Creates the method.
  public init() {}

  /// Explains one scalar at one input.
  ///
  /// - Parameters:
  ///   - input: N×C×H×W. Every sample is explained on its own.
  ///   - subject: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The shape of `input`.
  /// - Throws: `NetworkError` or `AttributionError`.
  public func attribute(
    _ input: Tensor, of subject: Subject, progress: (Double) -> Void
  ) throws -> Tensor {
    input * (try TargetPlan(subject, inputShape: input.shape).gradient(at: input))
  }
}
