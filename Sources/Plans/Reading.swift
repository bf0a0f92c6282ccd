import Blocks
import Graphs

/// What somebody wants to read from a network: a layer's output, or a part of it.
public struct Reading: Hashable, Sendable {
  /// How a layer's output is handed out.
  public enum Arrangement: Hashable, Sendable {
    /// As the graph has it.
    case stored
    /// With channels at axis 1: N×C×H×W; N×C×T of tokens.
    case channelsFirst
    /// N×C×H×W, without the tokens that have no place in the picture; a layer without columns and rows as
    /// the graph has it.
    case grid
    /// The class token alone, N×C.
    case classToken
  }

  /// The layer's name, or the name of a value in the graph.
  public var layer: String
  /// The channels, in the order wanted, or `nil` for all; no more is computed than these need.
  public var channels: [Int]?
  /// How they are handed out.
  public var arrangement: Arrangement

  /// Creates a reading.
  ///
  /// - Parameters:
  ///   - layer: The layer's name, or the name of a value in the graph.
  ///   - channels: The channels, in the order wanted, or `nil` for all.
  ///   - arrangement: How they are handed out; `nil`: as the graph has them, or if some are named, with
  ///     channels at axis 1.
  public init(_ layer: String, channels: [Int]? = nil, as arrangement: Arrangement? = nil) {
    self.layer = layer
    self.channels = channels
    self.arrangement = arrangement ?? (channels == nil ? .stored : .channelsFirst)
  }
}
