/// What somebody wants to read from a network: a layer's output, or some channels of it.
public struct Reading: Hashable, Sendable {
  /// The layer's name, or the name of a value in the graph.
  public var layer: String
  /// The channels, in the order wanted, or `nil` for all; no more is computed than these need.
  public var channels: [Int]?

  /// Creates a reading.
  public init(_ layer: String, channels: [Int]? = nil) {
    self.layer = layer
    self.channels = channels
  }
}
