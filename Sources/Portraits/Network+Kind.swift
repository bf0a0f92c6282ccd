public import Networks
public import Visualization

extension Network {
  /// What kind of network it is, as far as its file shows.
  ///
  /// Tokens show it to be a transformer, one channel that it takes grey pictures, what this program's training leaves in
  /// its metadata that it is robust, and its size that it is small; the first that holds.
  public var kind: NetworkKind {
    if inputChannels == 1 { return .grey }
    if let source = metadata["source"], source.contains("trained by visualize"),
      source.contains("adversary")
    {
      return .robust
    }
    if hasTokens { return .transformer }
    let size = usualSize
    return max(size.height, size.width) <= 64 ? .small : .convolutional
  }
}
