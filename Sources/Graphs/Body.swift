import Blocks

extension Node {
  /// What a Loop, a Scan or a SequenceMap runs again and again.
  package struct Body: Sendable {
    /// The values that it reads: those that change from one run to the next, then what it reads of the outside, both in
    /// the order of the node's own inputs.
    package var inputs: [String]
    /// How many of these change.
    package var ownCount: Int
    /// The values that it yields.
    package var outputs: [String]
    /// Its nodes, each after those it depends on.
    package var nodes: [Node]
  }

  /// The operators that run others, and those of lists and of values that may be left out.
  ///
  /// They are no functions of tensors, and are resolved where a graph is lowered.
  package static let structural: Set<String> = [
    "ConcatFromSequence", "Loop", "Optional", "OptionalGetElement", "OptionalHasElement", "Scan",
    "SequenceAt", "SequenceConstruct", "SequenceEmpty", "SequenceErase", "SequenceInsert",
    "SequenceLength", "SequenceMap", "SplitToSequence",
  ]

  /// The nodes without an implementation here: it, or those that it runs.
  package var unsupported: [Node] {
    if let body { return body.nodes.flatMap(\.unsupported) }
    return Operator.table[type] != nil || isChoice || Self.structural.contains(type) ? [] : [self]
  }

  /// Whether all that it takes has an implementation here.
  package var isSupported: Bool { unsupported.isEmpty }
}
