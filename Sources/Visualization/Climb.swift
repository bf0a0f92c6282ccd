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
  private let gathered: GatheredGradient?
  private lazy var waking = scene(redirecting: true)
  /// The objective less its penalties, on one scale.
  private lazy var whole = ascent.objective
  /// Whether the unit is silent for now beside its penalties.
  private var isCold = false
  /// The parameters' largest size before the first update.
  private let firstSize: Float

  init(_ ascent: Ascent, _ network: any VisualizableNetwork) {
    (self.ascent, self.network) = (ascent, network)
    random = SplitMix64(seed: ascent.seed)
    optimizer = ascent.optimizer
    parameters = ascent.start ?? ascent.parameterization.initialParameters(using: &random)
    firstSize = parameters.map(\.norm).max() ?? 0
    gathered = ascent.gathersGradient ? GatheredGradient() : nil
    scene = Scene(
      network, ascent.parameterization, ascent.inputSize, redirecting: ascent.warmUp > 0,
      gathering: gathered)
  }

  /// All steps.
  mutating func run(progress: (Step) throws -> Void) throws -> Rendering {
    let initialValue = try reportedValue()
    whole = try balanced()
    var improvement = ascent.patience.map(Improvement.init)
    var made = ascent.steps
    for number in 0..<ascent.steps {
      try Task.checkCancellation()
      if number == ascent.warmUp, ascent.warmUp > 0 { scene = scene(redirecting: false) }
      let (step, gradients) = try step(number)
      try progress(step)
      if improvement?.goesOn(step.value, at: number) == false {
        made = number
        break
      }
      optimizer.update(&parameters, along: moving(gradients, number))
    }
    let finalValue = try reportedValue()
    guard finalValue.isFinite else { throw VisualizationError.diverged(step: ascent.steps) }
    return Rendering(
      picture: ascent.parameterization.picture(parameters), parameters: parameters,
      initialValue: initialValue, finalValue: finalValue, steps: made,
      opacity: gathered?.opacity,
      robustValue: ascent.isScored ? try robustValue() : nil)
  }

  /// The mean of what is reported over transformed pictures, the same transforms whatever the ascent's own.
  private func robustValue() throws -> Float {
    var random = SplitMix64(seed: Self.scoringSeed)
    let side = min(ascent.shape[2], ascent.shape[3])
    var sum: Float = 0
    let picture = Variable(ascent.parameterization.picture(parameters))
    let rounds = max(1, Self.scoringViews / together)
    for _ in 0..<rounds {
      sum += try scene.value(
        of: ascent.reported, picture: picture, transforms: .robust(side: side), views: together,
        using: &random
      ).value.scalar
    }
    return sum / Float(rounds)
  }

  /// What the transforms follow from by which pictures of several seeds are compared.
  private static let scoringSeed: UInt64 = 0x5EED
  private static let scoringViews = 16

  /// The gradients, 0 where parameters keep still for now.
  private func moving(_ gradients: [Tensor], _ number: Int) -> [Tensor] {
    let share = Double(number) / Double(max(1, ascent.steps))
    let moving = ascent.parameterization.moving(afterShare: share)
    if gradients.indices.allSatisfy(moving.contains) { return gradients }
    return gradients.indices.map {
      moving.contains($0) ? gradients[$0] : Tensor(gradients[$0].shape)
    }
  }

  /// What a step sees, and the gradient of the objective's opposite.
  private mutating func step(_ number: Int) throws -> (Step, [Tensor]) {
    let draws = random
    if isCold { isCold = try isSilent() }
    var (loss, gradients) = try descent(isCold ? waking : scene)
    var norm = norm(of: gradients)
    if loss.isFinite, norm == 0 {
      if number >= ascent.warmUp {
        random = draws
        (loss, gradients) = try descent(waking)
        norm = self.norm(of: gradients)
      }
      guard norm != 0 else {
        if number > 0, hasRunAway { throw VisualizationError.diverged(step: number) }
        throw VisualizationError.noGradient(step: number)
      }
    }
    let step = Step(
      number: number, value: -loss, gradientNorm: norm, parameters: parameters,
      parameterization: ascent.parameterization)
    guard step.value.isFinite && step.gradientNorm.isFinite else {
      throw VisualizationError.diverged(step: number)
    }
    return (step, gradients)
  }

  private func norm(of gradients: [Tensor]) -> Float {
    gradients.reduce(0) { $0 + Tensor.dot($1, $1) }.squareRoot()
  }

  /// Whether the unit has no gradient at the picture, which its penalties would hide.
  private func isSilent() throws -> Bool {
    try pull(ascent.objective, at: ascent.parameterization.picture(parameters), scene) == 0
  }

  /// Whether the parameters are beyond anything that they could have had to be: all colours have hit their ends
  /// then, where no gradient comes through.
  private var hasRunAway: Bool {
    !parameters.allSatisfy { $0.norm < Self.largestGrowth * (1 + firstSize) }
  }

  /// By how much parameters may grow.
  private static let largestGrowth: Float = 1e6

  /// The mean over all views, those that go through the network together at a time; the pictures are made of the
  /// parameters once, and the gradient goes back to them once.
  private mutating func descent(_ scene: Scene) throws -> (value: Float, gradient: [Tensor]) {
    let (picture, pullback) = valueWithPullback(at: parameters) { scene.picture($0) }
    var (loss, gradient) = try descent(scene, at: picture)
    let groups = max(1, ascent.views / together)
    if groups == 1 { return (loss, pullback(gradient)) }
    for _ in 1..<groups {
      let (value, more) = try descent(scene, at: picture)
      loss += value
      gradient += more
    }
    return (loss / Float(groups), pullback(gradient / Float(groups)))
  }

  /// Optimizers descend and objectives are to grow: this is the one minus sign of the project.
  private mutating func descent(
    _ scene: Scene, at picture: Tensor
  ) throws -> (value: Float, gradient: Tensor) {
    var random = random
    defer { self.random = random }
    return try valueWithGradient(at: picture) {
      try -scene.value(
        of: whole, picture: $0, transforms: ascent.transforms, views: together, using: &random)
    }
  }

  /// The objective less each penalty times its weight and what makes both pull equally hard at a picture with
  /// photographs' frequencies, the same for every ascent of a size.
  private mutating func balanced() throws -> Objective {
    guard !ascent.penalties.isEmpty, ascent.steps > 0 else { return ascent.objective }
    var random = SplitMix64(seed: Self.scoringSeed)
    let reference = MaCoImage(ascent.shape)
    let picture = reference.picture(reference.initialParameters(using: &random))
    // Networks that are made for what a penalty reads alone go with the scene.
    let scene =
      ascent.penalties.contains { !$0.objective.readings.isEmpty }
      ? self.scene(redirecting: ascent.warmUp > 0) : self.scene
    /// What is silent there may be moved by the first picture.
    func firstPull(of objective: Objective) throws -> Float {
      let there = try pull(objective, at: picture, scene)
      return there.isPull ? there : try pull(objective, at: ascent.firstPicture, scene)
    }
    var own = try firstPull(of: ascent.objective)
    if own == 0 {
      // What wakes a rectifier is a gradient of something to be made small.
      own = try pull(-ascent.objective, at: ascent.firstPicture, waking)
      isCold = true
    }
    guard own.isPull else {
      throw own.isFinite
        ? VisualizationError.noGradient(step: 0) : VisualizationError.diverged(step: 0)
    }
    return try ascent.penalties.reduce(ascent.objective) { objective, penalty in
      let its = try firstPull(of: penalty.objective)
      let name = penalty.objective.name
      guard its.isFinite else { throw VisualizationError.divergedPenalty(name) }
      guard its > 0 else {
        let later = try pull(-penalty.objective, at: ascent.firstPicture, waking)
        guard later.isFinite else { throw VisualizationError.divergedPenalty(name) }
        throw later > 0
          ? VisualizationError.silentPenalty(name) : VisualizationError.noPull(name)
      }
      return objective - penalty.weight * own / its * penalty.objective
    }
  }

  /// The norm of an objective's gradient at a picture.
  private func pull(_ objective: Objective, at picture: Tensor, _ scene: Scene) throws -> Float {
    try valueWithGradient(at: picture) {
      try scene.value(of: objective, picture: $0, views: together)
    }.gradient.norm
  }

  /// How many views go through the network as one batch: as many as may, of those that divide all.
  private var together: Int {
    (1...max(1, min(ascent.views, ascent.viewsTogether))).last {
      ascent.views.isMultiple(of: $0)
    } ?? 1
  }

  private func reportedValue() throws -> Float {
    try scene.value(
      of: ascent.reported, parameters.map { Variable($0) }, views: together
    ).value.scalar
  }

  private func scene(redirecting: Bool) -> Scene {
    Scene(
      network, ascent.parameterization, ascent.inputSize, redirecting: redirecting,
      gathering: gathered)
  }
}

extension Float {
  /// Whether a gradient of this norm can be weighed against another.
  fileprivate var isPull: Bool { self > 0 && isFinite }
}
