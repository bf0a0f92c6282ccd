import Blocks
import Graphs

extension TapeCall {
  /// The clamp that the node is; `nil` where it is none, or where its ends are known only when it runs.
  var clamp: Clamp? {
    if case .clamp(let clamp)? = Operator.table[node.type]?.role(self) { clamp } else { nil }
  }
}
