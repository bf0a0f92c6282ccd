import Blocks
import Graphs

extension Node {
  /// The operators that have an implementation here.
  package static let supportedTypes: Set<String> = Set(Lowering.blockOperators.keys)
    .union(TapeOperator.table.keys).union(["Constant", "Shape"])

  /// Whether the operator has an implementation here.
  package var isSupported: Bool { Self.supportedTypes.contains(type) }
}
