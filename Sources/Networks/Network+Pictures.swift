import Blocks
import Graphs
public import Plans
public import Tensors

extension Network {
  /// Whether what is read of several pictures is, for each, what is read of it alone.
  ///
  /// Most graphs tell by their nodes; of others, two batches are run that have one picture in common.
  ///
  /// - Parameters:
  ///   - inputShape: N×C×H×W.
  ///   - readings: What is read.
  ///   - feed: What goes in.
  ///   - threads: How many threads share the work.
  /// - Returns: Also false where the readings do not come out with one part a picture.
  /// - Throws: `NetworkError`, `MemoryError`.
  public func keepsPicturesApart(
    inputShape: Shape, readings: [Reading], feed: Feed = .picture(), threads: Int = processorCount
  ) throws -> Bool {
    let count = inputShape[0]
    guard count > 1, !readings.isEmpty else { return true }
    let shapes = try shapes(inputShape: inputShape)
    let values = try readings.map { try value(of: $0.source) }
    guard values.allSatisfy({ shapes[$0]?.dimensions.first == count }) else { return false }
    if keepsApart(values, shapes) { return true }
    let plan = try plan(
      inputShape: inputShape, readings: readings, feed: feed, differentiable: false,
      threads: threads)
    var random = SplitMix64(seed: 1)
    let pictures = Tensor.uniform(inputShape, using: &random)
    let others = Tensor.uniform(inputShape, using: &random)
    let first = pictures.gathered([0], alongAxis: 0)
    let mixed = Tensor.concatenate([
      first, others.gathered(Array(1..<count), alongAxis: 0),
    ])
    let (a, b) = (try plan.forward(pictures), try plan.forward(mixed))
    return zip(a, b).allSatisfy { a, b in
      let (a, b) = (a.gathered([0], alongAxis: 0), b.gathered([0], alongAxis: 0))
      return (a - b).norm <= 1e-6 * a.norm
    }
  }

  /// Whether every node on the way to some values plainly does the same to each picture.
  private func keepsApart(_ values: [String], _ shapes: [String: Shape]) -> Bool {
    guard let count = shapes[input.name]?.dimensions.first else { return false }
    var apart: Set = [input.name]
    for node in graph.needed(for: values) {
      let data = node.inputs.filter { shapes[$0] != nil }
      // What follows from constants and shapes is no value of a picture.
      if data.isEmpty || graph.role(of: node) == .constant { continue }
      guard data.allSatisfy(apart.contains),
        node.outputs.allSatisfy({ $0.isEmpty || shapes[$0]?.dimensions.first == count }),
        actsOnEachPicture(node, data, shapes)
      else { return false }
      apart.formUnion(node.outputs)
    }
    return values.allSatisfy(apart.contains)
  }

  private func actsOnEachPicture(_ node: Node, _ data: [String], _ shapes: [String: Shape]) -> Bool
  {
    guard data[0] == node.inputs[0] || graph.role(of: node).isElementwise,
      let rank = shapes[data[0]]?.rank, let result = shapes[node.outputs[0]]
    else { return false }
    let axis = node.int("axis", default: 1)
    switch graph.role(of: node) {
    case .elementwise, .gate, .clamp, .step, .renaming, .reshaping: return true
    case .arithmetic, .combination:
      return data.allSatisfy { shapes[$0]?.rank == result.rank }
        && node.inputs.allSatisfy { name in
          graph.constants[name].map {
            $0.shape.rank < result.rank || $0.shape[0] == 1
          }
            ?? true
        }
    case .concatenation, .softmax:
      return data.count == node.inputs.count && axis != 0 && axis != -rank
    case .linear(.matrixProduct):
      return data.count == 1 && rank > 1 && node.int("transA", default: 0) == 0
    case .linear: return data.count == 1
    case .average, .selection, .normalization:
      if node.type == "Transpose" { return node.ints("perm")?.first == 0 }
      return graph.channels(of: node) == .first && data.count == 1
    default: return false
    }
  }
}
