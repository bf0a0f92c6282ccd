public import Tensors

/// A rule that moves parameters against a gradient: every optimizer descends.
///
/// An optimizer is a value. It starts without state and keeps what it needs of the gradients it has seen
/// in itself, so a copy taken before the first update starts over.
public protocol Optimizer: Sendable {
  /// The step size η, which a schedule such as `LearningRate` may change from update to update.
  var learningRate: Float { get set }

  /// Moves parameters one step downhill.
  ///
  /// - Parameters:
  ///   - parameters: The parameters; the same ones, in the same order, at every call.
  ///   - gradients: One gradient a parameter, of its shape.
  mutating func update(_ parameters: inout [Tensor], along gradients: [Tensor])
}

extension Optimizer {
  /// Moves one parameter one step downhill.
  ///
  /// - Parameters:
  ///   - parameter: The parameter; the same one at every call.
  ///   - gradient: The gradient, of the parameter's shape.
  public mutating func update(_ parameter: inout Tensor, along gradient: Tensor) {
    var parameters = [parameter]
    // The array is the memory's one owner: the update is in place.
    parameter = Tensor(0)
    update(&parameters, along: [gradient])
    parameter = parameters[0]
  }
}

/// Traps unless there is one gradient a parameter, of its shape.
func checkShapes(_ parameters: [Tensor], _ gradients: [Tensor]) {
  precondition(
    parameters.count == gradients.count,
    "update: \(gradients.count) gradients for \(parameters.count) parameters")
  for (parameter, gradient) in zip(parameters, gradients) {
    precondition(
      parameter.shape == gradient.shape,
      "update: gradient of shape \(gradient.shape) for a parameter of shape \(parameter.shape)")
  }
}

/// Zeros in the shapes of the parameters, unless they are there already.
func prepareState(_ state: inout [Tensor], for parameters: [Tensor]) {
  if state.isEmpty { state = parameters.map { Tensor($0.shape) } }
  precondition(
    state.count == parameters.count, "update: \(parameters.count) parameters after \(state.count)")
}
