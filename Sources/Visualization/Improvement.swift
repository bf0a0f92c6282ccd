/// Whether an ascent still improves, seen through the chance of its transforms.
struct Improvement {
  /// How many steps without improvement are too many.
  private let patience: Int
  private var first: Float?
  private var mean: Float = 0
  private var (best, bestStep): (Float, Int) = (-.infinity, 0)

  init(patience: Int) { self.patience = patience }

  /// How much of the mean stays from step to step.
  private static let memory: Float = 0.9
  /// By which share of the way so far a mean must be better to count.
  private static let least: Float = 0.005

  /// Takes a step's value.
  ///
  /// - Parameters:
  ///   - value: The objective's value.
  ///   - step: The step's number.
  /// - Returns: Whether the running mean has risen within the last `patience` steps.
  mutating func goesOn(_ value: Float, at step: Int) -> Bool {
    guard let first else {
      (self.first, mean, best, bestStep) = (value, value, value, step)
      return true
    }
    mean = Self.memory * mean + (1 - Self.memory) * value
    if mean > best + Self.least * max(0, best - first) { (best, bestStep) = (mean, step) }
    return step - bestStep < patience
  }
}
