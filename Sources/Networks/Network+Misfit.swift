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

  /// What the sides of pictures are multiples of in networks that halve them or cut them into patches.
  private static let divisors = [4, 8, 14, 16, 32, 64]

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
    guard inputShape.rank == 4,
      fixedSize.height != inputShape[2] || fixedSize.width != inputShape[3],
      let sizes = sizes(fitting: node, like: inputShape, throughout: true)
        ?? sizes(fitting: node, like: inputShape, throughout: false)
    else { return .invalidNode(title, reason: reason) }
    let tables = node.inputs.compactMap { name -> String? in
      guard let shape = graph.constants[name]?.shape, shape.rank > 1,
        reason.contains(shape.description)
      else { return nil }
      return "; \(shape) is '\(name)' in the file"
    }
    let layer = layers.first { node.outputs.contains($0.value) && $0.name != node.name }?.name
    return .inputShape(
      inputShape,
      reason:
        "\(layer.map { "layer \($0), " } ?? "")\(title): \(reason)\(tables.first ?? ""). Pictures of "
        + "\(sizes) pixels fit")
  }

  /// Sizes of pictures that a node, and all before it, can take, as width×height: what the file declares, the
  /// nearest with sides that divide well, and usual ones; nil where none is found.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - shape: The picture's shape.
  ///   - isThroughout: Whether all that stands behind the node has to take them as well.
  /// - Returns: As `640×640 and 320×64`.
  private func sizes(
    fitting node: Node, like shape: Shape, throughout isThroughout: Bool
  ) -> String? {
    var work = min(isThroughout ? 400_000_000 : 100_000_000, MemoryLimit.bytes / 16)
    let nodes = isThroughout ? neededNodes : graph.needed(for: node.outputs)
    let each = shape[1] * nodes.count
    func fits(_ height: Int, _ width: Int) -> Bool {
      let cost = MemoryLimit.product([each, height, width])
      guard work > cost else { return false }
      work -= cost
      let shape: Shape = [shape[0], shape[1], height, width]
      return takes(node, shape) && (!isThroughout || self.fits(shape))
    }
    var found: [String] = []
    func note(_ height: Int, _ width: Int) { found.append("\(width)×\(height)") }
    let declared = (
      height: fixedSize.height ?? fixedSize.width, width: fixedSize.width ?? fixedSize.height
    )
    if let height = declared.height, let width = declared.width, fits(height, width) {
      note(height, width)
    }
    // A network that takes some sizes takes one of those nearby.
    let near = Self.divisors.lazy.map { divisor in
      (max(1, shape[2] / divisor) * divisor, max(1, shape[3] / divisor) * divisor)
    }.filter { $0.0 != shape[2] || $0.1 != shape[3] }
    if let (height, width) = near.first(where: { fits($0.0, $0.1) }),
      !found.contains("\(width)×\(height)")
    {
      note(height, width)
    }
    if found.isEmpty, form != .signal, let side = Self.usualSides.first(where: { fits($0, $0) }) {
      note(side, side)
    }
    return found.isEmpty ? nil : found.joined(separator: " and ")
  }

  /// The size of pictures for a network that leaves it open and that nobody says one of, where 224×224 does not fit.
  ///
  /// - Returns: nil where a size is said, or 224×224 fits, or none of the usual ones does.
  package func fittingSize() -> (height: Int, width: Int)? {
    let isSaid = metadata["input.size"] != nil || metadata["imgsz"] != nil
    guard form == .picture, input.dimensions.count == 4, !isSaid, graph.nodes.count < 5000,
      fixedSize.height == nil || fixedSize.width == nil, !fits(inputShape())
    else { return nil }
    // Readers of text take lines.
    let sizes =
      Self.usualSides.prefix(8).map { ($0, $0) } + [(48, 320), (32, 320), (32, 128), (32, 100)]
      + Self.usualSides.dropFirst(8).map { ($0, $0) }
    return sizes.first { height, width in
      fits([1, inputChannels ?? 3, fixedSize.height ?? height, fixedSize.width ?? width])
    }.map { (fixedSize.height ?? $0.0, fixedSize.width ?? $0.1) }
  }

  /// Whether no node on the way to the results refuses what a picture of a shape becomes.
  private func fits(_ shape: Shape) -> Bool {
    var lowering = Lowering(graph, input: input.name, shape: shape, onlyShapes: true)
    for node in neededNodes
    where node.isSupported && !lowering.isSkipped(node) && lowering.canLower(node) {
      do {
        try lowering.lower(node)
      } catch NetworkError.invalidNode, NetworkError.noRoom, is MemoryError {
        return false
      } catch {
        continue
      }
    }
    return true
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
    var lowering = Lowering(graph, input: input.name, shape: shape, onlyShapes: true)
    do {
      try check(shape)
      for node in graph.needed(for: node.outputs) { try lowering.lower(node) }
      return true
    } catch {
      return false
    }
  }
}
