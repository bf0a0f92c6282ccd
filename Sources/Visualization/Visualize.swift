import Autodiff
public import Objectives
public import Optimizers
public import Tensors

/// Renders pictures that make an objective large: ascent from random parameters along the gradient.
///
/// - Parameters:
///   - objective: What to make large.
///   - network: The network that the objective reads.
///   - parameterization: How pictures are written as parameters.
///   - parameters: Where to start; nil: at random parameters.
///   - transforms: What a good picture should survive; drawn anew at every step.
///   - inputSize: The size that the network sees after the transforms.
///   - optimizer: The rule of ascent.
///   - steps: The number of updates.
///   - seed: Chooses the first parameters and all transforms.
///   - warmUp: For how many steps rectifiers that are off let a gradient through that would turn them
///     on: lucid's 16 help units that the first picture leaves cold.
///   - report: What the values before and after are of, such as the objective without its penalties;
///     nil: the objective.
///   - progress: Called before every update; what it throws ends the ascent.
/// - Returns: The last pictures and parameters, with the objective's value before and after.
/// - Throws: `VisualizationError.diverged` at a value or gradient that is not finite, `.noGradient` where
///   all of it is 0, `CancellationError`
///   when the task is cancelled, and what the network and `progress` throw.
public func visualize(
  _ objective: Objective, in network: any VisualizableNetwork,
  parameterization: any Parameterization = FourierImage(side: 224),
  startingAt parameters: [Tensor]? = nil, transforms: [any Transform] = .robust,
  inputSize: InputSize = .picture, optimizer: any Optimizer = Adam(learningRate: 0.05),
  steps: Int = 512, seed: UInt64 = 0, warmUp: Int = 0, reporting report: Objective? = nil,
  progress: (Step) throws -> Void = { _ in }
) throws -> Rendering {
  var ascent = Ascent(objective, parameterization: parameterization)
  (ascent.start, ascent.transforms, ascent.inputSize) = (parameters, transforms, inputSize)
  (ascent.optimizer, ascent.steps, ascent.seed, ascent.warmUp) = (optimizer, steps, seed, warmUp)
  ascent.reported = report ?? objective
  return try ascent.run(in: network, progress: progress)
}

/// The size that a network sees after the transforms.
public enum InputSize: Hashable, Sendable {
  /// The picture's own: what the transforms leave is cropped or framed in grey. One plan of the network
  /// serves all steps.
  case picture

  /// A given one: what the transforms leave is resized bilinearly, as lucent does. One plan serves all
  /// steps.
  case fixed(height: Int, width: Int)

  /// Whatever the transforms leave, as in lucid: a plan is made for every size that occurs and kept.
  case varying
}

/// What one step of the ascent saw.
public struct Step {
  /// The number of updates before.
  public let number: Int

  /// The objective's value, of the transformed picture.
  public let value: Float

  /// The Euclidean norm of the gradient by all parameters.
  public let gradientNorm: Float

  /// The parameters before the update.
  public let parameters: [Tensor]

  private let parameterization: any Parameterization

  init(
    number: Int, value: Float, gradientNorm: Float, parameters: [Tensor],
    parameterization: any Parameterization
  ) {
    (self.number, self.value, self.gradientNorm) = (number, value, gradientNorm)
    (self.parameters, self.parameterization) = (parameters, parameterization)
  }

  /// The pictures before the update, made at every call: (batch, channels, height, width) in 0…1; those with an
  /// opacity over grey.
  public func picture() -> Tensor {
    let picture = parameterization.picture(parameters)
    guard parameterization is AlphaImage else { return picture }
    return Variable(picture).laid(over: Variable(0.5)).value
  }
}

/// What an ascent arrived at.
public struct Rendering: Sendable {
  /// The pictures: (batch, channels, height, width), values in 0…1.
  public let picture: Tensor

  /// The parameters, to go on from.
  public let parameters: [Tensor]

  /// The objective's value of the first picture, not transformed.
  public let initialValue: Float

  /// The objective's value of the last picture, not transformed.
  public let finalValue: Float

  /// How many updates were made; fewer than asked for where the picture no longer improved.
  public let steps: Int

  /// Where the pictures were worked on, (batch, 1, height, width) in 0…1; nil: gradients were not gathered.
  public let opacity: Tensor?

  /// The mean of the objective's value over transformed pictures; nil: it was not asked for.
  public let robustValue: Float?
}

/// What can end an ascent.
public enum VisualizationError: Error, Hashable, CustomStringConvertible {
  /// The objective's value or its gradient became infinite or not a number after so many updates.
  case diverged(step: Int)

  /// Nothing that could be done to the picture would change the objective.
  case noGradient(step: Int)

  /// A penalty that pulls at nothing, so that no weight makes it count beside the unit.
  case noPull(String)

  /// A penalty behind rectifiers that are all off for now, so that nothing says how hard it will pull.
  case silentPenalty(String)

  /// A penalty whose gradient is infinite or not a number.
  case divergedPenalty(String)

  /// What happened, in one sentence.
  public var description: String {
    switch self {
    case .diverged(let step):
      "the ascent diverged: after \(step) updates the picture, the objective or its gradient was beyond all "
        + "numbers; try a smaller learning rate"
    case .noGradient(let step):
      "after \(step) updates the gradient is 0 everywhere: the unit is dead, or does not depend on the "
        + "picture; try another seed, another unit, or start from a picture that excites it"
    case .noPull(let penalty):
      "the penalty \(penalty) has no gradient that could be weighed against the unit's, neither at a picture "
        + "with photographs' frequencies nor at the first one; leave it out"
    case .silentPenalty(let penalty):
      "the penalty \(penalty) is silent for now: the rectifiers before it are off both at a picture with "
        + "photographs' frequencies and at the first one, so that nothing says how hard it would pull; start from "
        + "a picture that excites it, or leave it out"
    case .divergedPenalty(let penalty):
      "the penalty \(penalty) has a gradient beyond all numbers at the first picture, so that it cannot be weighed "
        + "against the unit's; leave it out, or see whether the network takes pictures in this range"
    }
  }
}
