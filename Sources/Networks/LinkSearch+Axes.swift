import Graphs
import Tensors

extension LinkSearch {
  /// The axes that a softmax, or the sum of one that is written out, goes over.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - rank: How many axes the value has that it goes over.
  /// - Returns: In 0..<rank; `nil` where the file does not say them.
  func axes(of node: Node, rank: Int) -> [Int]? {
    func places(_ axes: [Int]) -> [Int]? {
      let places = axes.map { $0 < 0 ? $0 + rank : $0 }
      return places.allSatisfy((0..<rank).contains) ? places : nil
    }
    if graph.role(of: node) == .softmax {
      // Before operator set 13, the axis and all behind it were one.
      guard node.opset < 13 else { return places([node.int("axis", default: -1)]) }
      return places([rank == 1 ? 0 : node.int("axis", default: 1)]).map { Array($0[0]..<rank) }
    }
    if let axes = node.ints("axes") { return places(axes) }
    guard let input = node.input(1) else {
      return node.int("noop_with_empty_axes", default: 0) == 0 ? Array(0..<rank) : []
    }
    return graph.constants[input].flatMap { places($0.integers) }
  }

  /// Whether a softmax is one over the classes.
  ///
  /// - Parameters:
  ///   - found: Logits.
  ///   - shapes: The values' shapes.
  ///   - count: How many classes there are.
  /// - Returns: True where the file does not say what it goes over.
  func isOverClasses(_ found: Found, in shapes: [String: Shape], count: Int) -> Bool {
    guard let sharer = found.sharer, let shape = shapes[found.source],
      let axes = axes(of: sharer, rank: shape.rank)
    else {
      return true
    }
    let long = axes.filter { shape[$0] > 1 }
    let mixesPictures = shape.rank > 1 && long.contains(0)
    return !mixesPictures && long.reduce(1, { $0 * shape[$1] }) == count
  }
}
