import Autodiff
import Objectives
import Optimizers
import Tensors

/// An ascent on its way.
struct Climb {
  private let ascent: Ascent
  private let network: any VisualizableNetwork
  private var random: SplitMix64
  private var optimizer: any Optimizer
  private var parameters: [Tensor]
  // One at a time, unless the unit goes cold later: each has a plan, with the network's weights packed for
  // both passes. Forwards they are alike.
  private var scene: Scene
  private lazy var waking = scene(redirecting: true)
  /// The parameters' largest size before the first update.
  private let firstSize: Float

  init(_ ascent: Ascent, _ network: any VisualizableNetwork) {
    (self.ascent, self.network) = (ascent, network)
    random = SplitMix64(seed: ascent.seed)
    optimizer = ascent.optimizer
    parameters = ascent.start ?? ascent.parameterization.initialParameters(using: &random)
    firstSize = parameters.map(\.norm).max() ?? 0
    scene = Scene(
      network, ascent.parameterization, ascent.inputSize, redirecting: ascent.warmUp > 0)
  }

  /// All steps.
  mutating func run(progress: (Step) throws -> Void) throws -> Rendering {
    let initialValue = try reportedValue()
    for number in 0..<ascent.steps {
      try Task.checkCancellation()
      if number == ascent.warmUp, ascent.warmUp > 0 { scene = scene(redirecting: false) }
      let (step, gradients) = try step(number)
      try progress(step)
      optimizer.update(&parameters, along: gradients)
    }
    let finalValue = try reportedValue()
    guard finalValue.isFinite else { throw VisualizationError.diverged(step: ascent.steps) }
    return Rendering(
      picture: ascent.parameterization.picture(parameters), parameters: parameters,
      initialValue: initialValue, finalValue: finalValue)
  }

  /// What a step sees, and the gradient of the objective's opposite.
  private mutating func step(_ number: Int) throws -> (Step, [Tensor]) {
    let draws = random
    var (loss, gradients) = try descent(scene)
    if loss.isFinite, gradients.allSatisfy({ $0.norm == 0 }) {
      if number >= ascent.warmUp {
        random = draws
        (loss, gradients) = try descent(waking)
      }
      guard gradients.contains(where: { $0.norm != 0 }) else {
        if number > 0, hasRunAway { throw VisualizationError.diverged(step: number) }
        throw VisualizationError.noGradient(step: number)
      }
    }
    let step = Step(
      number: number, value: -loss,
      gradientNorm: gradients.reduce(0) { $0 + Tensor.dot($1, $1) }.squareRoot(),
      parameters: parameters, parameterization: ascent.parameterization)
    guard step.value.isFinite && step.gradientNorm.isFinite else {
      throw VisualizationError.diverged(step: number)
    }
    return (step, gradients)
  }

  /// Whether the parameters are beyond anything that they could have had to be: all colours have hit their ends
  /// then, where no gradient comes through.
  private var hasRunAway: Bool {
    !parameters.allSatisfy { $0.norm < Self.largestGrowth * (1 + firstSize) }
  }

  /// By how much parameters may grow.
  private static let largestGrowth: Float = 1e6

  /// Optimizers descend and objectives are to grow: this is the one minus sign of the project.
  private mutating func descent(_ scene: Scene) throws -> (value: Float, gradient: [Tensor]) {
    var random = random
    defer { self.random = random }
    return try valueWithGradient(at: parameters) {
      try -scene.value(
        of: ascent.objective, $0, transforms: ascent.transforms, using: &random)
    }
  }

  private func reportedValue() throws -> Float {
    try scene.value(of: ascent.reported, parameters.map { Variable($0) }).value.scalar
  }

  private func scene(redirecting: Bool) -> Scene {
    Scene(network, ascent.parameterization, ascent.inputSize, redirecting: redirecting)
  }
}
