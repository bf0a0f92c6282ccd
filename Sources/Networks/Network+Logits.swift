public import Tensors

extension Network {
  /// The numbers that a classifier ends in, one a class.
  public struct Logits: Sendable, Hashable {
    /// The value in the graph: a reading of this name yields them.
    public let value: String
    /// How many there are.
    public let count: Int
    /// Whether the file turns them into probabilities after this, which are not what is visualized:
    /// a probability also rises by pushing the others down.
    public let precedeSoftmax: Bool
  }

  /// The logits: the first result, or what goes into the softmax that makes it.
  ///
  /// - Parameter shapes: What `shapes(inputShape:)` returned.
  /// - Returns: `nil` where the first result is a map and no list of numbers.
  public func logits(in shapes: [String: Shape]) -> Logits? {
    guard let output = graph.outputs.first else { return nil }
    let value = logitsValue()
    guard let shape = shapes[value], shape.rank >= 2, shape.count == shape[0] * shape[1] else {
      return nil
    }
    return Logits(value: value, count: shape[1], precedeSoftmax: value != output)
  }
}
