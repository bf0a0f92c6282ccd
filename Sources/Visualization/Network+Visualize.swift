public import Networks
public import Objectives

/// Renders a picture that makes an objective large, as the command does: at the size that the network was made
/// for, with what its file says suits its logits.
///
/// ```swift
/// let rendering = try visualize(.channel("mixed4a", 10), in: network)
/// ```
///
/// - Parameters:
///   - objective: What to make large.
///   - network: The network.
///   - recipe: How the picture is made; nil: the defaults, and for logits what the network's metadata says.
///   - progress: Called before every update; what it throws ends the ascent.
/// - Returns: The picture and what was reached; the values are without penalties.
/// - Throws: `VisualizationError`, `NetworkError`, `ObjectiveError`, and what `progress` throws.
public func visualize(
  _ objective: Objective, in network: Network, recipe: Recipe? = nil,
  progress: (Step) throws -> Void = { _ in }
) throws -> Rendering {
  let recipe = recipe ?? Recipe(metadata: network.metadata, for: objective)
  return try recipe.render(
    objective, in: network, shape: network.inputShape(), progress: progress)
}
