public import Networks
public import Objectives
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
///   - steps: The number of updates; nil: the recipe's.
///   - seed: What all that is random follows from; nil: the recipe's.
///   - threads: How many threads share the work; they do not change the result.
///   - progress: Called before every update; what it throws ends the ascent.
/// - Returns: The pictures and what was reached; the values are without penalties.
/// - Throws: `VisualizationError`, `NetworkError`, `ObjectiveError`, for a size or a metadata's setting that
///   cannot be, and what `progress` throws.
public func visualize(
  _ objective: Objective, in network: Network, recipe: Recipe? = nil, steps: Int? = nil,
  seed: UInt64? = nil, threads: Int = processorCount, progress: (Step) throws -> Void = { _ in }
) throws -> Rendering {
  var recipe = try recipe ?? network.usualRecipe(for: objective)
  recipe.steps = steps ?? recipe.steps
  recipe.seed = seed ?? recipe.seed
  let shape = try network.pictureShape(recipe)
  let ascent = recipe.ascent(
    of: objective, shape: shape, startingFrom: try network.start(of: recipe, shape: shape))
  return try ascent.run(in: PictureNetwork(network, threads: threads), progress: progress)
}

extension Network {
  /// The recipe where nobody says more: for an objective of nothing but logits, what the metadata says suits
  /// them.
  fileprivate func usualRecipe(for objective: Objective) throws -> Recipe {
    let isOfLogits = Set(objective.readings.map(\.source)) == [.logits]
    return isOfLogits ? try Recipe(forLogitsBy: metadata) : Recipe()
  }
}
