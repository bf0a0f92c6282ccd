import Blocks
import Graphs
import Tensors

extension Node {
  /// The clamp that the node is.
  ///
  /// - Parameter constant: What is known of a value before the network runs.
  /// - Returns: `nil` where it is none, or where its ends are known only when it runs.
  func clamp(_ constant: (String) -> Constant?) -> Clamp? {
    switch type {
    case "Relu": return .relu
    case "Clip":
      var clamp = Clamp(
        lower: float("min", default: -.infinity), upper: float("max", default: .infinity))
      for (position, end) in [(1, \Clamp.lower), (2, \Clamp.upper)] {
        guard let name = input(position) else { continue }
        guard let limit = constant(name)?.tensor, limit.count == 1 else { return nil }
        clamp[keyPath: end] = limit.scalars[0]
      }
      return clamp
    default: return nil
    }
  }
}

extension Clamp {
  /// Whether the clamp is a rectifier: on from 0 up.
  var isRectifier: Bool { lower == 0 }
}
