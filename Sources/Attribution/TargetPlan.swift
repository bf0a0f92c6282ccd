import Networks
import Tensors

/// A target as a function of the input, compiled for one input shape.
struct TargetPlan {
  let target: Target
  let plan: Plan

  /// Compiles as much of the network as the target needs.
  ///
  /// - Parameters:
  ///   - subject: What is explained.
  ///   - inputShape: N×C×H×W.
  ///   - rule: How gradients pass rectifiers.
  ///   - differentiable: Whether gradients will be asked for.
  /// - Throws: `NetworkError` or `AttributionError` where the network has no such target.
  init(
    _ subject: Subject, inputShape: Shape, rule: GradientRule = .standard,
    differentiable: Bool = true
  ) throws {
    target = subject.target
    plan = try subject.network.plan(
      inputShape: inputShape, readings: [target.reading(in: subject.network)], feed: subject.feed,
      rule: rule, differentiable: differentiable, threads: subject.threads)
    try target.check(plan.outputShapes[0])
  }

  /// The target of each sample.
  func values(at input: Tensor) throws -> [Float] { target.values(of: try plan.forward(input)[0]) }

  /// The gradient of each sample's target.
  ///
  /// - Parameter input: N×C×H×W.
  /// - Returns: The same shape.
  /// - Throws: What the plan throws.
  func gradient(at input: Tensor) throws -> Tensor {
    let activation = try plan.forward(input)[0]
    return try plan.backward([target.derivative(at: activation)])
  }
}
