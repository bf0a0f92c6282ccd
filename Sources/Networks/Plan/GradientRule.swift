/// How a gradient passes a rectifier (ReLU, ReLU6).
public enum GradientRule: String, Sendable, CaseIterable {
  /// The derivative: on where the rectifier was on.
  case standard
  /// Guided backpropagation: the derivative, and of the gradient only what is positive.
  ///
  /// Source: Springenberg et al., "Striving for Simplicity: The All Convolutional Net", ICLR 2015 workshop.
  case guided
  /// The derivative, and where the rectifier was off, what would turn it on: the gradient of something to
  /// be made small, where it is negative. For units that nothing in a first picture excites.
  ///
  /// Source: lucid, `misc/redirected_relu_grad.py`.
  case redirected
  /// Deconvolution: what is positive of the gradient, whether the rectifier was on or not.
  ///
  /// Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.
  case deconvolution
}
