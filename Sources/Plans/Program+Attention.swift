import Blocks
import Graphs

extension Program {
  /// Makes each softmax(scale · q kᵀ + bias) v that the graph writes out one instruction, which stores no scores.
  ///
  /// Queries, keys and values are read where they were made, whatever turned them in between, and the results are written
  /// where they are read next.
  ///
  /// - Parameter kept: Values that somebody reads or observes and that must therefore exist.
  package mutating func fuseAttention(keeping kept: Set<Value>) {
    guard instructions.contains(where: { $0.call?.node.type == "Softmax" }) else { return }
    var search = AttentionSearch(self, keeping: kept)
    for place in instructions.indices { search.replaceAttention(endingAt: place) }
    self = search.program
    prune(to: kept)
  }
}
