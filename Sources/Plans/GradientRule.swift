import Blocks
import Graphs

/// How a gradient passes a rectifier (ReLU, ReLU6).
public enum GradientRule: String, Sendable, CaseIterable {
  /// The derivative: on where the rectifier was on.
  case standard
  /// Guided backpropagation: the derivative, and of the gradient only what is positive.
  ///
  /// Source: Springenberg et al., "Striving for Simplicity: The All Convolutional Net", ICLR 2015 workshop.
  case guided
  /// The derivative, but what a rectifier that was off would need to turn on passes too.
  ///
  /// For units that a first picture leaves cold: of something to be made small, the negative gradient
  /// passes the rectifier that is read, and every other that would let nothing pass.
  ///
  /// Source: lucid, `misc/redirected_relu_grad.py`.
  case redirected
  /// Deconvolution: what is positive of the gradient, whether the rectifier was on or not.
  ///
  /// Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.
  case deconvolution
}
