#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A learning rate that changes from step to step: a value, a function of the step's number.
///
/// ```swift
/// let rate = LearningRate.cosine(from: 0.1, over: 1000).warmedUp(over: 50)
/// for step in 0..<1050 {
///   optimizer.learningRate = rate(at: step)
///   optimizer.update(&parameters, along: gradients)
/// }
/// ```
///
/// The formulas are those of `torch.optim.lr_scheduler`; the step 0 is the first.
public indirect enum LearningRate: Hashable, Sendable {
  /// The same at every step.
  case constant(Float)

  /// Multiplied by `factor` after every `steps` steps (`StepLR`).
  case stepwise(from: Float, every: Int, factor: Float = 0.1)

  /// Half a wave of the cosine down to `minimum`, and there from then on (`CosineAnnealingLR`). Source:
  /// Loshchilov and Hutter, "SGDR", ICLR 2017.
  case cosine(from: Float, to: Float = 0, over: Int)

  /// From `peak / divisor` up to `peak` for the share `rising` of the steps, then down to
  /// `peak / divisor / finalDivisor` at the last, by half waves of the cosine (`OneCycleLR`). Source:
  /// Smith and Topin, "Super-Convergence", 2017.
  case oneCycle(
    peak: Float, over: Int, rising: Float = 0.3, divisor: Float = 25, finalDivisor: Float = 1e4)

  /// Another schedule, begun after `steps` steps on a straight line from the share `start` of its first
  /// rate (`LinearLR`, then the other).
  case warmUp(over: Int, from: Float, then: LearningRate)

  /// The rate at a step, counted from 0.
  public func callAsFunction(at step: Int) -> Float {
    let value: Double
    switch self {
    case .constant(let rate): return rate
    case .stepwise(let rate, let steps, let factor):
      value = Double(rate) * pow(Double(factor), Double(step / max(steps, 1)))
    case .cosine(let rate, let minimum, let steps):
      value = Self.wave(Double(rate), Double(minimum), Double(step) / Double(max(steps, 1)))
    case .oneCycle(let peak, let steps, let rising, let divisor, let finalDivisor):
      let (first, top) = (Double(peak) / Double(divisor), Double(peak))
      let turn = Double(rising) * Double(steps) - 1
      let now = Double(step)
      value =
        now <= turn && turn > 0
        ? Self.wave(first, top, now / turn)
        : Self.wave(top, first / Double(finalDivisor), (now - turn) / (Double(steps - 1) - turn))
    case .warmUp(let steps, let start, let other):
      if step >= steps { return other(at: step - steps) }
      let share = Double(start) + (1 - Double(start)) * Double(step) / Double(steps)
      value = Double(other(at: 0)) * share
    }
    return Float(value)
  }

  /// This schedule, begun after a straight line from the share `start` of its first rate.
  public func warmedUp(over steps: Int, from start: Float = 0) -> LearningRate {
    .warmUp(over: steps, from: start, then: self)
  }

  /// Half a wave of the cosine from one value to another.
  private static func wave(_ from: Double, _ to: Double, _ share: Double) -> Double {
    to + (from - to) * (1 + cos(.pi * min(max(share, 0), 1))) / 2
  }
}
