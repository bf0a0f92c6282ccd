import Blocks
import Graphs
public import Tensors

/// Where the channels of a layer's output are, and which part of the picture the rest of it stands for.
public struct LayerLayout: Sendable, Hashable {
  /// The number of channels.
  public let channels: Int
  /// Columns and rows; `nil` where the output has none, or none that can be told.
  public let grid: Grid?
  /// Tokens that have no place in the picture and come before those that have: the class token, then
  /// what else the network adds (registers, a distillation token).
  public let extraTokens: Int
  /// Tokens that have no place in the picture and come after those that have.
  public let tokensAfter: Int
  /// Where the output lies in memory.
  package let form: Form

  /// The columns and rows of a map, or of tokens; of a signal one row, of a volume the rows of all slices.
  public struct Grid: Sendable, Hashable {
    /// Columns, or the places of a signal.
    public let width: Int
    /// Rows; of a volume those of all slices, one slice after the other.
    public let height: Int
    /// Slices: 1 but in volumes and films.
    public let depth: Int
    /// Whether there is no other axis than time.
    public let isLine: Bool

    package init(width: Int, height: Int, depth: Int = 1, isLine: Bool = false) {
      (self.width, self.height) = (width, height)
      (self.depth, self.isLine) = (depth, isLine)
    }

    /// Whether there are columns and rows, and nothing else.
    public var isPlane: Bool { !isLine && depth == 1 }

    /// `56×56`; `1000 places`; `8×8×4`, columns, rows and slices.
    public var inWords: String {
      if isLine { return "\(width) places" }
      return depth == 1 ? "\(width)×\(height)" : "\(width)×\(height / depth)×\(depth)"
    }
  }

  package enum Form: Sendable, Hashable {
    /// N×C×…
    case channelsFirst
    /// N×H×W×C.
    case channelsLast
    /// N×T×C.
    case tokens
    /// One axis alone: C, of the only picture, or N, with one number a picture.
    case list
  }

  package init(
    channels: Int, grid: Grid?, extraTokens: Int, tokensAfter: Int = 0, form: Form
  ) {
    (self.channels, self.grid) = (channels, grid)
    (self.extraTokens, self.tokensAfter, self.form) = (extraTokens, tokensAfter, form)
  }

  /// The tokens of a list that have places in the picture; none where there is no grid.
  package var tokensWithPlaces: Range<Int> {
    extraTokens..<extraTokens + (grid.map { $0.width * $0.height } ?? 0)
  }

  /// How many tokens there are beside those with a place and the class token.
  public var furtherTokens: Int { extraTokens - (hasClassToken ? 1 : 0) + tokensAfter }

  /// Whether the output is a list of tokens, N×T×C.
  public var isTokens: Bool { form == .tokens }

  /// Whether there is a class token: the first of those before the places.
  public var hasClassToken: Bool {
    grid != nil && (1...Grid.mostExtraTokens).contains(extraTokens)
  }

  /// `384 channels, 14×14 tokens + class`; `64 channels, 56×56`; `1000 channels`.
  public var inWords: String {
    var text = "\(channels) channels"
    guard let grid else { return text }
    text += ", \(grid.inWords)" + (isTokens ? " tokens" : "")
    if hasClassToken { text += " + class" }
    if furtherTokens > 0 { text += " + \(furtherTokens) more" }
    return text
  }

  /// The part of a tensor with this layout that has places in the picture.
  ///
  /// - Parameter tensor: The layer's output or its gradient, as the graph has it, N×….
  /// - Returns: N×C×H×W; the tensor itself where there is no grid. The slices of a volume stand one below the other.
  public func grid(of tensor: Tensor) -> Tensor {
    switch (form, grid) {
    case (.channelsFirst, let grid?) where tensor.shape.rank != 4:
      return tensor.reshaped([tensor.shape[0], channels, grid.height, grid.width])
    case (.channelsLast, _): return tensor.transposed([0, 3, 1, 2])
    case (.tokens, let grid?):
      let batch = tensor.shape[0]
      return tensor.sliced([0..<batch, tokensWithPlaces, 0..<channels])
        .transposed([0, 2, 1]).reshaped([batch, channels, grid.height, grid.width])
    default: return tensor
    }
  }
}

extension LayerLayout.Grid {
  /// No network is known to have more tokens outside the picture than this.
  fileprivate static let mostExtraTokens = 16

  /// The grid of a list of tokens: that of the last map before them that they can have been made of; in a
  /// network without maps, one with the aspect of the input.
  ///
  /// - Parameters:
  ///   - count: The number of tokens.
  ///   - maps: The grids of the maps before them.
  ///   - input: The shape of the network's input.
  package init?(ofTokens count: Int, among maps: [Self], input: Shape) {
    func isPossible(_ places: Int) -> Bool {
      let extra = count - places
      return (0...Self.mostExtraTokens).contains(extra) && places > max(1, extra)
    }
    if let grid = maps.last(where: { isPossible($0.width * $0.height) }) {
      self = grid
      return
    }
    guard maps.isEmpty, input.rank == 4, input[2] > 0 else { return nil }
    for extra in 0...Self.mostExtraTokens where isPossible(count - extra) {
      let places = Float(count - extra)
      let width = Int((places * Float(input[3]) / Float(input[2])).squareRoot().rounded())
      guard width > 0, (count - extra).isMultiple(of: width) else { continue }
      let height = (count - extra) / width
      guard width * input[2] == height * input[3] else { continue }
      self.init(width: width, height: height)
      return
    }
    return nil
  }
}
