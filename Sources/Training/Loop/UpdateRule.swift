import Blocks
import Optimizers
import Tensors

/// How weights follow their gradients: by one of the `Optimizers`, in place over all parameters.
public enum UpdateRule: Sendable, Equatable {
  /// `v ← β v + g`, `θ ← θ − η (g + β v)`.
  case nesterov(momentum: Float)
  /// `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `θ ← θ − η m̂ / (√v̂ + ε)`.
  case adam(meanDecay: Float, squareDecay: Float, epsilon: Float)

  /// Stochastic gradient descent with Nesterov's momentum of 0.9.
  public static let sgd = UpdateRule.nesterov(momentum: 0.9)
  /// Adam with PyTorch's constants.
  public static let adam = UpdateRule.adam(meanDecay: 0.9, squareDecay: 0.999, epsilon: 1e-8)

  /// The numbers to be remembered for each parameter.
  var memories: Int { if case .nesterov = self { 1 } else { 2 } }
}

/// The state of an optimizer over the flat memory of `Parameters`.
struct Updater {
  let rule: UpdateRule
  /// Of convolutions' weights alone, joined to the gradient: `g ← g + λ θ`.
  let weightDecay: Float
  /// What is remembered of earlier gradients.
  let memories: [FloatBuffer]
  /// The updates so far.
  var step = 0

  /// Numbers that one thread updates at a time.
  private static let part = 1 << 16

  init(_ rule: UpdateRule, weightDecay: Float, parameters: Parameters) {
    (self.rule, self.weightDecay) = (rule, weightDecay)
    memories = (0..<rule.memories).map { _ in FloatBuffer(count: parameters.trainedCount) }
  }

  /// Moves all parameters one step downhill.
  mutating func update(_ parameters: Parameters, rate: Float, pool: ThreadPool) {
    step += 1
    let (rule, step) = (rule, step)
    let (decayed, trained) = (parameters.decayedCount, parameters.trainedCount)
    let (x, g) = (parameters.values.pointer, parameters.gradients.pointer)
    pool.run((trained + Self.part - 1) / Self.part) { part in
      let range = part * Self.part..<min((part + 1) * Self.part, trained)
      for i in range.lowerBound..<min(max(decayed, range.lowerBound), range.upperBound) {
        g[i] += weightDecay * x[i]
      }
      let first = range.lowerBound
      switch rule {
      case .nesterov(let momentum):
        Momentum(learningRate: rate, momentum: momentum, form: .nesterov).step
          .update(x + first, memories[0].pointer + first, along: g + first, count: range.count)
      case .adam(let meanDecay, let squareDecay, let epsilon):
        Adam(
          learningRate: rate, meanDecay: meanDecay, squareDecay: squareDecay, epsilon: epsilon
        ).step(step).update(
          x + first, means: memories[0].pointer + first, squares: memories[1].pointer + first,
          along: g + first, count: range.count)
      }
    }
  }
}

/// A moving average of all parameters and running statistics.
struct MovingAverage {
  /// How much of the average stays from step to step, in the long run.
  let decay: Float
  let values: FloatBuffer
  private let count: Int

  init(_ parameters: Parameters, decay: Float) {
    (self.decay, count) = (decay, parameters.count)
    values = FloatBuffer(count: count)
    values.pointer.update(from: parameters.values.pointer, count: count)
  }

  /// Takes in the parameters after an update; early ones count more, so that the start is soon forgotten.
  func follow(_ parameters: Parameters, step: Int) {
    let kept = min(decay, (1 + Float(step)) / (10 + Float(step)))
    let (mean, x) = (values.pointer, parameters.values.pointer)
    for i in 0..<count { mean[i] = kept * mean[i] + (1 - kept) * x[i] }
  }

  /// Changes places with the parameters; once more restores them.
  func exchange(with parameters: Parameters) {
    let (mean, x) = (values.pointer, parameters.values.pointer)
    for i in 0..<count { (mean[i], x[i]) = (x[i], mean[i]) }
  }
}
