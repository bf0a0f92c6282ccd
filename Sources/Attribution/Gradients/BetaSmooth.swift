import Blocks
public import Networks
import Tensors

extension GradientRule {
  /// The derivative of a network whose rectifiers are bent smoothly: of a softplus, `σ(β x)`, in place of the
  /// step at 0; of a rectifier with an upper end, `σ(β x) − σ(β (x − end))`.
  ///
  /// The values stay those of the network.
  ///
  /// Source: Dombrowski et al., "Explanations can be manipulated and geometry is to blame", NeurIPS 2019;
  /// zennit, `BetaSmooth`.
  ///
  /// - Parameter beta: How sharply they bend.
  /// - Returns: The rule.
  public static func betaSmooth(_ beta: Float = 10) -> GradientRule {
    GradientRule("beta-smooth \(beta)", readsOutputs: false) { site in
      guard case .clamp(let clamp) = site.role, clamp.isRectifier else { return nil }
      return { inputs, _, cotangent in
        var slope = (inputs[0] * beta).sigmoid()
        if clamp.upper.isFinite { slope = slope - ((inputs[0] - clamp.upper) * beta).sigmoid() }
        return [cotangent * slope] + inputs.dropFirst().map { _ in nil }
      }
    }
  }
}

extension AttributionMethod where Self == Gradient {
  /// The gradient of a network whose rectifiers are bent smoothly.
  public static var betaSmooth: Gradient { Gradient(rule: .betaSmooth()) }
}

extension RegisteredMethod {
  static let betaSmooth = RegisteredMethod(
    "beta-smooth", "the gradient with rectifiers bent smoothly"
  ) { _ in .betaSmooth }
}
