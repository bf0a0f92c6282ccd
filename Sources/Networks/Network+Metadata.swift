import Files
import Graphs
public import Tensors

extension Network {
  /// The network with other metadata laid over the file's own: `labels`, `input.color`, `input.range`,
  /// `input.mean`, `input.std`, `input.size`.
  ///
  /// - Parameter settings: Keys and values as in the file; they win.
  /// - Returns: The same network otherwise.
  public func overriding(metadata settings: [String: String]) -> Network {
    var network = self
    network.metadata.merge(settings) { $1 }
    if settings["labels"] != nil { network.labels = Self.labels(in: settings) }
    network.preprocessing = Preprocessing(metadata: network.metadata) ?? preprocessing
    return network
  }

  static func labels(in metadata: [String: String]) -> [String] {
    guard let text = metadata["labels"] else { return [] }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).withVisibleControls }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// The size of the pictures that the network was made for, in pixels.
  ///
  /// What the file fixes; else the metadata's `input.size` (height, width, or one number for both); else
  /// 224×224, the commonest.
  public var usualSize: (height: Int, width: Int) {
    let sides = (metadata["input.size"] ?? "").split(separator: ",").compactMap {
      Int($0.filter { !$0.isWhitespace })
    }.filter { $0 > 0 }
    return (
      fixedSize.height ?? sides.first ?? 224,
      fixedSize.width ?? sides.last ?? 224
    )
  }

  /// The shape of an input of one picture.
  ///
  /// - Parameter size: Height and width, in pixels; `usualSize` if `nil`.
  /// - Returns: N×C×H×W with N = 1; what the file says, and 1 for what it leaves open, where the input is
  ///   no picture.
  public func inputShape(size: (height: Int, width: Int)? = nil) -> Shape {
    guard input.dimensions.count == 4 || input.dimensions.isEmpty else {
      return Shape(input.dimensions.map { $0 ?? 1 })
    }
    let (height, width) = size ?? usualSize
    return [1, inputChannels ?? 3, height, width]
  }
}
