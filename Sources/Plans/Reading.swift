/// What somebody wants to read from a network: a layer's output, or a part of it.
public struct Reading: Hashable, Sendable {
  /// Where in the network it is read.
  public enum Source: Hashable, Sendable {
    /// A layer by its name, or a value of the graph that no layer is called after.
    case layer(String)
    /// A value of the graph, whatever layers are called.
    case value(String)
    /// What a classifier ends in, before a softmax: `logitsValue(output:)` of the result that they make.
    case logits
  }

  /// How a layer's output is handed out.
  public enum Arrangement: Hashable, Sendable {
    /// As the graph has it; what has one axis alone as N×C, unless a value of the graph is read.
    case stored
    /// With channels at axis 1: N×C×H×W; N×C×T of tokens.
    case channelsFirst
    /// N×C×H×W, without the tokens that have no place in the picture; a layer without columns and rows as
    /// the graph has it.
    case grid
    /// One position of the grid, N×C×1×1; by default half the rows and half the columns, rounded down. A layer
    /// without columns and rows as the graph has it, where no position is named. No more of the picture is
    /// computed than it sees.
    case position(row: Int? = nil, column: Int? = nil)
    /// The class token alone, N×C.
    case classToken
  }

  /// Where it is read.
  public var source: Source
  /// The channels, in the order wanted, or `nil` for all; no more is computed than these need.
  public var channels: [Int]?
  /// How they are handed out.
  public var arrangement: Arrangement

  /// Creates a reading.
  ///
  /// - Parameters:
  ///   - source: Where in the network.
  ///   - channels: The channels, in the order wanted, or `nil` for all.
  ///   - arrangement: How they are handed out; `nil`: as the graph has them, or if some are named, with
  ///     channels at axis 1.
  public init(_ source: Source, channels: [Int]? = nil, as arrangement: Arrangement? = nil) {
    self.source = source
    self.channels = channels
    self.arrangement = arrangement ?? (channels == nil ? .stored : .channelsFirst)
  }

  /// Creates a reading of a layer.
  ///
  /// - Parameters:
  ///   - layer: The layer's name, or the name of a value in the graph.
  ///   - channels: The channels, in the order wanted, or `nil` for all.
  ///   - arrangement: How they are handed out; `nil`: as the graph has them, or if some are named, with
  ///     channels at axis 1.
  public init(_ layer: String, channels: [Int]? = nil, as arrangement: Arrangement? = nil) {
    self.init(.layer(layer), channels: channels, as: arrangement)
  }

  /// Whether it is a value of the graph as the graph has it, also where that has one axis alone.
  package var isRaw: Bool {
    if case .value = source { arrangement == .stored } else { false }
  }

  /// Whether it is the grid that is read, or a position of it.
  package var isOfGrid: Bool {
    switch arrangement {
    case .grid, .position: true
    case .stored, .channelsFirst, .classToken: false
    }
  }

  /// What it is called in messages: the layer's name, or `logits`.
  public var title: String { source.title }
}

extension Reading.Source {
  /// What it is called in messages: the layer's name, or `logits`.
  public var title: String {
    switch self {
    case .layer(let name), .value(let name): name
    case .logits: "logits"
    }
  }
}
