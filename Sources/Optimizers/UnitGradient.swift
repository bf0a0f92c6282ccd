public import Tensors

/// Another optimizer, on gradients brought to a root mean square of 1.
///
/// Where an optimizer's steps grow with the gradient, a learning rate fits one objective and is far off for the next.
/// Scaled so, a step is as long as the learning rate says whatever is looked for, as Adam's is.
public struct UnitGradient: Optimizer {
  /// What is done with the scaled gradients.
  public var base: any Optimizer

  /// Creates the optimizer.
  public init(_ base: any Optimizer) {
    self.base = base
  }

  /// That of the other optimizer.
  public var learningRate: Float {
    get { base.learningRate }
    set { base.learningRate = newValue }
  }

  /// Moves parameters one step downhill; a gradient of 0 stays one.
  public mutating func update(_ parameters: inout [Tensor], along gradients: [Tensor]) {
    let (sum, count) = gradients.reduce((0.0, 0)) {
      ($0.0 + Double(Tensor.dot($1, $1)), $0.1 + $1.count)
    }
    let size = (sum / Double(max(count, 1))).squareRoot()
    let scale = size > 0 ? Float(1 / size) : 1
    base.update(&parameters, along: gradients.map { $0 * scale })
  }
}
