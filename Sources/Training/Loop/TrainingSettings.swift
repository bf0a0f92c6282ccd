import Blocks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the step size goes over a training.
public enum Decline: String, Sendable, CaseIterable, Codable {
  /// It stays.
  case constant
  /// Straight down to 0.
  case linear
  /// Half a cosine down to 0.
  case cosine
}

/// All that a training is made of but data and architecture.
public struct TrainingSettings: Sendable, Equatable {
  /// Passes over the training pictures.
  public var epochs = 15
  /// Pictures a step.
  public var batch = 128
  /// The optimizer.
  public var rule = UpdateRule.sgd
  /// The greatest step size.
  public var learningRate: Float = 0.15
  /// The share of all steps in which the step size grows from 0.
  public var warmUp = 0.1
  /// How the step size falls after that.
  public var decline = Decline.linear
  /// Weight decay of convolutions.
  public var weightDecay: Float = 5e-4
  /// The share of a target spread over all classes.
  public var labelSmoothing: Float = 0.05
  /// The moving average that is evaluated and exported; 0 for the weights themselves.
  public var averageDecay: Float = 0.998
  /// Widths of the pictures for as many equal shares of the epochs, before one with the pictures as they are.
  public var smallerWidths: [Int] = []
  /// What is done to the pictures.
  public var augmentation = TrainingAugmentation()
  /// Adversarial training, if any.
  public var adversary: Adversary?
  /// The share of all steps in which the adversary's radius grows from 0.
  public var adversaryWarmUp = 0.12
  /// How robustness is measured in evaluation, if at all, and on how many pictures.
  public var examiner: Adversary?
  /// Pictures that the examiner attacks; attacks take time.
  public var examinedCount = 600
  /// Where every random draw comes from.
  public var seed: UInt64 = 0
  /// Threads that share the work.
  public var threads: Int

  /// Creates settings with the defaults above.
  public init(threads: Int) { self.threads = threads }

  /// The step size of one step.
  func rate(step: Int, of total: Int) -> Float {
    let (t, warm) = (Double(step) + 1, warmUp * Double(total))
    if t < warm { return learningRate * Float(t / warm) }
    let progress = min(1, (Double(step) - warm) / max(1, Double(total) - warm))
    return switch decline {
    case .constant: learningRate
    case .linear: learningRate * Float(1 - max(0, progress))
    case .cosine: learningRate * Float(0.5 * (1 + cos(Double.pi * max(0, progress))))
    }
  }

  /// The share of the adversary's radius in one step.
  func reach(step: Int, of total: Int) -> Float {
    let warm = adversaryWarmUp * Double(total)
    return warm <= 0 ? 1 : Float(min(1, (Double(step) + 1) / warm))
  }
}
