import Networks
import Objectives

extension Explained {
  /// Whether what is explained is a vision transformer's: it depends on attention among tokens of patches that are cut
  /// out by one convolution or none.
  ///
  /// More convolutions make maps of features, of which attention is only the end.
  ///
  /// - Returns: Whether it is; false also where nothing is read of the network.
  /// - Throws: `NetworkError`.
  public func isOfPatches() throws -> Bool {
    guard !objective.readings.isEmpty else { return false }
    let found = try attentionGraph()
    guard !found.blocks.isEmpty || !found.fused.isEmpty else { return false }
    let layouts = network.layouts(in: try shapes())
    let hasTokens = found.nodes.contains { node in
      node.outputs.first.flatMap { layouts[$0] }.map { $0.isTokens && $0.grid != nil } ?? false
    }
    return hasTokens && found.nodes.count { network.graph.role(of: $0).isConvolution } <= 1
  }
}
