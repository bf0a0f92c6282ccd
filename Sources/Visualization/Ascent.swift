public import Optimizers
public import Tensors

/// Everything that an ascent needs but the network: pictures that make an objective large, from some
/// parameters along the gradient.
public struct Ascent: Sendable {
  /// What to make large, penalties subtracted.
  public var objective: Objective

  /// What the values before and after are of; the objective without its penalties, as a rule.
  public var reported: Objective

  /// How pictures are written as parameters.
  public var parameterization: any Parameterization

  /// The parameters to start from; nil: random ones.
  public var start: [Tensor]?

  /// What a good picture should survive; drawn anew at every step.
  public var transforms: [any Transform] = .robust

  /// The size that the network sees after the transforms.
  public var inputSize = InputSize.picture

  /// The rule of ascent.
  public var optimizer: any Optimizer = Adam(learningRate: 0.05)

  /// The number of updates.
  public var steps = 512

  /// Chooses the first parameters and all transforms.
  public var seed: UInt64 = 0

  /// For how many steps rectifiers that are off let a gradient through that would turn them on: lucid's
  /// 16 help units that the first picture leaves cold.
  public var warmUp = 0

  /// Creates an ascent.
  ///
  /// - Parameters:
  ///   - objective: What to make large, and to report.
  ///   - parameterization: How pictures are written as parameters.
  public init(_ objective: Objective, parameterization: any Parameterization) {
    (self.objective, reported) = (objective, objective)
    self.parameterization = parameterization
  }

  /// The shape of the pictures: N×C×H×W.
  public var shape: Shape { parameterization.shape }

  /// The pictures that the ascent starts from: N×C×H×W in 0…1.
  public var firstPicture: Tensor {
    var random = SplitMix64(seed: seed)
    return parameterization.picture(
      start ?? parameterization.initialParameters(using: &random))
  }

  /// Makes the pictures.
  ///
  /// - Parameters:
  ///   - network: The network that the objective reads.
  ///   - progress: Called before every update; what it throws ends the ascent.
  /// - Returns: The last pictures and parameters, with the values before and after.
  /// - Throws: `VisualizationError.diverged` at a value or gradient that is not finite, `.noGradient` where
  ///   all of it is 0, `CancellationError` when the task is cancelled, and what the network and `progress`
  ///   throw.
  public func run(
    in network: any VisualizableNetwork, progress: (Step) throws -> Void = { _ in }
  ) throws -> Rendering {
    let pool = ThreadPool(threads: network.threads)
    defer { pool.stop() }
    return try ThreadPool.$current.withValue(pool) {
      var climb = Climb(self, network)
      return try climb.run(progress: progress)
    }
  }
}
