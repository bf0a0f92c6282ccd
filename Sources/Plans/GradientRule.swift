import Blocks
import Graphs
public import Tensors

/// How a gradient passes a network's operations on its way back: the derivative, or what a method puts in
/// its place.
///
/// A rule says two things: how rectifiers let a gradient through, and, if it wants, by what the derivative of
/// any other operation is replaced. DeepLift's rescale rule, say, for pictures and their baselines in one batch:
///
/// ```swift
/// let rescale = GradientRule("deep-lift") { site in
///   guard site.node.type == "Relu" else { return nil }
///   return { inputs, output, cotangent in [cotangent * multiplier(inputs[0], output)] }
/// }
/// ```
///
/// Rules with the same name are taken for the same: one with a parameter has it in its name.
public struct GradientRule: Sendable {
  /// From what went into a node, what came out and the cotangent of that to the cotangents of the inputs.
  ///
  /// The tensors have the graph's shapes, the whole batch in each. There is one input a position of the
  /// node, constants included; one that is left out is a tensor of no scalars. The result has one cotangent an
  /// input, of its shape; nil stands for zero, and what is said of a constant is not used.
  public typealias Pullback =
    @Sendable (_ inputs: [Tensor], _ output: Tensor, _ cotangent: Tensor) throws -> [Tensor?]

  /// What takes the place of an operation's derivative; nil where that stays.
  public typealias Replacement = @Sendable (Site) -> Pullback?

  /// What the rule is called, parameters included: rules with the same name are the same.
  public let name: String

  /// How rectifiers (`Relu`, and `Clip` from 0 up) let a gradient through.
  public let rectification: Rectification

  /// What is asked of every node that depends on the input, when a plan is made; nil: no derivative is replaced.
  ///
  /// A node whose derivative is replaced is kept apart: its inputs and its result are made as tensors.
  public let replacement: Replacement?

  /// Whether the replacements read what nodes yield; where they do not, it need not be kept for them.
  public let readsOutputs: Bool

  /// Creates a rule.
  ///
  /// - Parameters:
  ///   - name: What it is called, parameters included.
  ///   - rectification: How rectifiers let a gradient through.
  ///   - readsOutputs: Whether the replacements read what nodes yield: if not, they get a tensor of no scalars in
  ///     its place.
  ///   - replacement: What takes the place of other derivatives; also of a rectifier's, which then goes by
  ///     that alone. It is asked for the nodes of the recognized graph: what exporters write in parts, such as
  ///     GELU, is one node there.
  public init(
    _ name: String, rectification: Rectification = .derivative, readsOutputs: Bool = true,
    replacement: Replacement? = nil
  ) {
    (self.name, self.rectification, self.replacement) = (name, rectification, replacement)
    self.readsOutputs = readsOutputs
  }

  /// The derivative: on where the rectifier was on.
  public static let standard = GradientRule("standard")

  /// Guided backpropagation: the derivative, and of the gradient only what is positive.
  ///
  /// Source: Springenberg et al., "Striving for Simplicity: The All Convolutional Net", ICLR 2015 workshop.
  public static let guided = GradientRule(
    "guided", rectification: Rectification(isMasked: true, isPositive: true))

  /// Deconvolution: what is positive of the gradient, whether the rectifier was on or not.
  ///
  /// Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.
  public static let deconvolution = GradientRule(
    "deconvolution", rectification: Rectification(isMasked: false, isPositive: true))

  /// The derivative, but what a rectifier that was off would need to turn on passes too.
  ///
  /// For units that a first picture leaves cold: of something to be made small, the negative gradient
  /// passes the rectifier that is read, and every other that would let nothing pass.
  ///
  /// Source: lucid, `misc/redirected_relu_grad.py`.
  public static let redirected = GradientRule("redirected", rectification: .redirected)
}

extension GradientRule: Hashable {
  /// Whether the names are the same.
  public static func == (a: GradientRule, b: GradientRule) -> Bool { a.name == b.name }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
