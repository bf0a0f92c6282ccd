import Blocks
import Graphs
import Memory
import Plans
import Tensors

extension Network {
  /// Sides that networks are made for, the most frequent first.
  private static let usualSides =
    [
      224, 32, 28, 64, 96, 128, 160, 192, 227, 240, 256, 288, 299, 320, 331, 336, 384, 448, 512,
      518,
    ]
    + Array(stride(from: 8, to: 128, by: 8))

  /// The largest batch of a file that is tried out for an error's sake.
  private static let largestTriedBatch = 64

  /// Why a node cannot take what a picture becomes on its way to it, and, where it would take that of
  /// another size, which.
  ///
  /// Graphs fix the size of their pictures at the first fully connected layer, at a table of positions, or
  /// wherever the exporter wrote numbers for what was computed from the size.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - title: What the error calls it.
  ///   - reason: Why it cannot.
  ///   - inputShape: The picture's shape.
  /// - Returns: The error to throw.
  func misfit(_ node: Node, title: String, reason: String, inputShape: Shape) -> NetworkError {
    if let declared = otherBatch(than: inputShape), declared <= Self.largestTriedBatch,
      takes(node, Shape([declared] + inputShape.dimensions.dropFirst()))
    {
      return .batch(inputShape[0], declared: declared, reason: "\(title): \(reason)")
    }
    let sides = [fixedSize.height].compactMap { $0 } + Self.usualSides
    // What does not fit at the size that the file declares fits at none.
    var work = min(100_000_000, MemoryLimit.bytes / 16)
    let each = inputShape[checked: 1].map { $0 * graph.needed(for: node.outputs).count } ?? 0
    guard inputShape.rank == 4,
      fixedSize.height != inputShape[2] || fixedSize.width != inputShape[3],
      let side = sides.first(where: { side in
        work -= each * side * side
        return work > 0 && takes(node, [inputShape[0], inputShape[1], side, side])
      })
    else { return .invalidNode(title, reason: reason) }
    let tables = node.inputs.compactMap { name -> String? in
      guard let shape = graph.constants[name]?.tensor.shape, shape.rank > 1,
        reason.contains(shape.description)
      else { return nil }
      return "; \(shape) is '\(name)' in the file"
    }
    let layer = layers.first { node.outputs.contains($0.value) && $0.name != node.name }?.name
    return .inputShape(
      inputShape,
      reason:
        "\(layer.map { "layer \($0), " } ?? "")\(title): \(reason)\(tables.first ?? ""). Pictures of "
        + "\(side)×\(side) pixels fit")
  }

  /// The batch that the file is written for, where it is written for another than that of an input.
  func otherBatch(than inputShape: Shape) -> Int? {
    guard let declared = input.dimensions.first ?? nil, declared > 0, inputShape.rank == 4,
      inputShape[0] != declared
    else { return nil }
    return declared
  }

  /// Whether a node, and all before it that it needs, can take a picture of a shape.
  private func takes(_ node: Node, _ shape: Shape) -> Bool {
    var lowering = Lowering(graph, input: input.name, shape: shape)
    do {
      try check(shape)
      for node in graph.needed(for: node.outputs) { try lowering.lower(node) }
      return true
    } catch {
      return false
    }
  }
}
