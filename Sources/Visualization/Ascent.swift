import Autodiff
public import Objectives
public import Optimizers
public import Tensors

/// Everything that an ascent needs but the network: pictures that make an objective large, from some
/// parameters along the gradient.
public struct Ascent: Sendable {
  /// What to make large, penalties subtracted.
  public var objective: Objective

  /// What is to stay small, each with a weight on the objective's own scale: with a weight of 1 it pulls as hard as
  /// the objective at a picture with photographs' frequencies.
  public var penalties: [Penalty] = []

  /// What is to stay small, and how much it matters beside the objective.
  public struct Penalty: Sendable {
    /// The weight, 0 or more.
    public var weight: Float
    /// Positive where things are bad.
    public var objective: Objective

    /// Creates a penalty.
    public init(_ weight: Float, _ objective: Objective) {
      (self.weight, self.objective) = (weight, objective)
    }
  }

  /// What the values before and after are of; the objective without its penalties, as a rule.
  public var reported: Objective

  /// How pictures are written as parameters.
  public var parameterization: any Parameterization

  /// The magnitudes that a parameterization is made with which keeps them; nil: photographs' own.
  var spectrum: Tensor?

  /// The parameters to start from; nil: random ones.
  public var start: [Tensor]?

  /// What a good picture should survive; drawn anew at every step.
  public var transforms: [any Transform] = .robust

  /// How many transformed versions of the picture a step looks at; the objective is their mean.
  public var views = 1

  /// How many of them go through the network as one batch.
  public var viewsTogether = 8

  /// The size that the network sees after the transforms.
  public var inputSize = InputSize.picture

  /// The rule of ascent.
  public var optimizer: any Optimizer = Adam(learningRate: 0.05)

  /// The number of updates.
  public var steps = 512

  /// Whether the gradients that reach the pictures are added up, for an opacity: Horama's transparency.
  public var gathersGradient = false

  /// After how many steps that do not improve the picture the ascent ends; nil: after `steps`.
  public var patience: Int?

  /// Whether the value over transformed pictures is found out at the end, to compare several seeds.
  public var isScored = false

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

  /// Pictures as the network sees them whole: larger ones reduced to its own size.
  ///
  /// - Parameter pictures: N×C×H×W.
  /// - Returns: N×C×H×W.
  public func seen(_ pictures: Tensor) -> Tensor {
    guard case .fixed(let height, let width) = inputSize else { return pictures }
    return Variable(pictures).fitted(to: PictureSize(height: height, width: width)).value
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
