public import Networks
public import Objectives
public import Optimizers
import Tensors
public import Visualization

/// Renders pictures that make an objective large, as the command does: at the size that the network was made
/// for, with what its file says suits its logits.
///
/// ```swift
/// let rendering = try visualize(.channel("mixed4a", 10), in: network)
/// ```
///
/// - Parameters:
///   - objective: What to make large.
///   - network: The network.
///   - recipe: How it is done; nil: the defaults, and for logits what the network's metadata says.
///   - parameterization: How pictures are written as parameters, and their size; nil: as the recipe says.
///   - optimizer: The rule of ascent; nil: as the recipe says.
///   - steps: The number of updates; nil: as the recipe says.
///   - seed: What all that is random follows from; nil: as the recipe says.
///   - threads: How many threads share the work; they do not change the result.
///   - progress: Called before every update; what it throws ends the ascent.
/// - Returns: The pictures and what was reached; the values are without penalties.
/// - Throws: `VisualizationError`, `NetworkError`, `ObjectiveError`, for a size or a metadata's setting that
///   cannot be, and what `progress` throws.
public func visualize(
  _ objective: Objective, in network: Network, recipe: Recipe? = nil,
  parameterization: (any Parameterization)? = nil, optimizer: (any Optimizer)? = nil,
  steps: Int? = nil, seed: UInt64? = nil, threads: Int = processorCount,
  progress: (Step) throws -> Void = { _ in }
) throws -> Rendering {
  let ascent = try network.ascent(
    of: objective, recipe, parameterization, optimizer, steps: steps, seed: seed)
  return try ascent.run(in: PictureNetwork(network, threads: threads), progress: progress)
}

/// Renders pictures that make an objective large, with transforms of one's own and the rest as the command
/// has it.
///
/// - Parameters:
///   - objective: What to make large.
///   - network: The network.
///   - recipe: How it is done; nil: the defaults, and for logits what the network's metadata says.
///   - parameterization: How pictures are written as parameters, and their size; nil: as the recipe says.
///   - transforms: What a good picture should survive; drawn anew at every step.
///   - optimizer: The rule of ascent; nil: as the recipe says.
///   - steps: The number of updates; nil: as the recipe says.
///   - seed: What all that is random follows from; nil: as the recipe says.
///   - threads: How many threads share the work; they do not change the result.
///   - progress: Called before every update; what it throws ends the ascent.
/// - Returns: The pictures and what was reached; the values are without penalties.
/// - Throws: `VisualizationError`, `NetworkError`, `ObjectiveError`, for a size or a metadata's setting that
///   cannot be, and what `progress` throws.
public func visualize(
  _ objective: Objective, in network: Network, recipe: Recipe? = nil,
  parameterization: (any Parameterization)? = nil, transforms: [any Transform],
  optimizer: (any Optimizer)? = nil, steps: Int? = nil, seed: UInt64? = nil,
  threads: Int = processorCount, progress: (Step) throws -> Void = { _ in }
) throws -> Rendering {
  // Apart from the other: of an optional list, `.none` would mean the recipe's transforms.
  var ascent = try network.ascent(
    of: objective, recipe, parameterization, optimizer, steps: steps, seed: seed)
  ascent.transforms = transforms
  return try ascent.run(in: PictureNetwork(network, threads: threads), progress: progress)
}

extension Network {
  /// The ascent that the recipe describes, with what is given in place of what it says.
  fileprivate func ascent(
    of objective: Objective, _ recipe: Recipe?, _ parameterization: (any Parameterization)?,
    _ optimizer: (any Optimizer)?, steps: Int?, seed: UInt64?
  ) throws -> Ascent {
    var recipe = try recipe ?? usualRecipe(for: objective)
    recipe.steps = steps ?? recipe.steps
    recipe.seed = seed ?? recipe.seed
    if parameterization == nil { try recipe.checkUse() }
    let shape = try parameterization?.shape ?? pictureShape(recipe)
    let start = try start(of: recipe, shape: shape)?.pictures
    var ascent = recipe.ascent(
      of: objective, shape: shape, seenAs: parameterization == nil ? try seenShape(recipe) : nil,
      spectrum: try spectrum(of: recipe, shape: shape)?.magnitude, startingFrom: start)
    if let parameterization {
      ascent.parameterization = parameterization
      ascent.start = start.map { parameterization.parameters(fitting: $0) }
    }
    if let optimizer { ascent.optimizer = optimizer }
    _ = try ascent.subtractStatistics(by: recipe, in: self)
    return ascent
  }

  /// The recipe where nobody says more: for an objective of nothing but logits, what the metadata says suits
  /// them.
  private func usualRecipe(for objective: Objective) throws -> Recipe {
    let isOfLogits = Set(objective.readings.map(\.source)) == [.logits]
    return isOfLogits ? try Recipe(forLogitsBy: metadata) : Recipe()
  }
}
