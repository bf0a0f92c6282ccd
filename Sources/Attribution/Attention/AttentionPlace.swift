public import Networks
import Objectives
public import Tensors

/// Where a network has attention: what methods suit it follows from that.
public enum AttentionPlace: Sendable, Hashable {
  /// Nowhere.
  case nowhere
  /// Among tokens of patches that are cut out by one convolution or none: a vision transformer's.
  case amongPatches
  /// Among anything else, such as the maps of several convolutions, of which it is only the end.
  case elsewhere
}

extension Explained {
  /// Where there is attention that what is explained depends on; nowhere also where nothing is read of the network.
  ///
  /// - Throws: `NetworkError`.
  public func attentionPlace() throws -> AttentionPlace {
    guard !objective.readings.isEmpty else { return .nowhere }
    return network.place(of: try attentionGraph(), shapes: try shapes())
  }
}

extension Network {
  /// Where there is attention that any of the results depends on.
  ///
  /// - Parameter shapes: What `shapes(inputShape:)` returned.
  /// - Returns: Its place.
  public func attentionPlace(shapes: [String: Shape]) -> AttentionPlace {
    place(of: AttentionGraph(graph, input: input.name, before: graph.outputs), shapes: shapes)
  }

  fileprivate func place(of found: AttentionGraph, shapes: [String: Shape]) -> AttentionPlace {
    guard !found.blocks.isEmpty || !found.fused.isEmpty else { return .nowhere }
    let layouts = layouts(in: shapes)
    let hasTokens = found.nodes.contains { node in
      node.outputs.first.flatMap { layouts[$0] }.map { $0.isTokens && $0.grid != nil } ?? false
    }
    let convolutions = found.nodes.count { graph.role(of: $0).isConvolution }
    return hasTokens && convolutions <= 1 ? .amongPatches : .elsewhere
  }
}
