import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

extension RandomBlockGraph {
  /// Why the kernels are known to compute this graph wrongly; `nil` if they are not.
  ///
  /// Whoever mends one of these takes it out.
  var knownFault: Comment? {
    for node in graph.nodes {
      let shape = shape(node.inputs[0])
      let spatial = shape.dimensions.dropFirst(2)
      switch node.type {
      case "Concat" where Set(node.inputs.map(origin)).count < node.inputs.count:
        return "a value that is concatenated with itself: its second place is never written"
      case "Conv", "ConvTranspose":
        let weights = graph.constants[node.inputs[1]]?.tensor.shape.dimensions.dropFirst(2) ?? []
        if shape[0] > 1, spatial.allSatisfy({ $0 == 1 }), weights.allSatisfy({ $0 == 1 }),
          node.ints("strides")?.contains(where: { $0 > 1 }) == true
        {
          return "a stride over single pixels: all pictures but the first are wrong"
        }
      case "GlobalMaxPool" where spatial.reduce(1, *) > 256:
        return "the largest of more than 256: which one it was is kept in a byte"
      default: break
      }
    }
    return nil
  }

  private func shape(_ name: String) -> Shape {
    values.first { $0.name == name }?.shape ?? graph.constants[name]?.tensor.shape ?? []
  }

  /// The value that a name stands for, behind operators that compute nothing.
  private func origin(_ name: String) -> String {
    let renaming: Set = ["Identity", "Dropout", "Flatten", "Reshape", "Squeeze", "Unsqueeze"]
    guard let node = graph.nodes.first(where: { $0.outputs == [name] }),
      renaming.contains(node.type)
    else { return name }
    return origin(node.inputs[0])
  }
}
