public import Networks
public import Visualization

extension Network {
  /// What kind of network it is, as far as its file shows.
  ///
  /// What this program's training leaves in its metadata shows it to be robust, and tokens to be a transformer. Networks
  /// for small and for grey pictures are left with the usual settings unless somebody names their kind: of them too few
  /// have been tried.
  public var kind: NetworkKind {
    if let source = metadata["source"], source.contains("trained by visualize"),
      source.contains("adversary")
    {
      return .robust
    }
    return hasTokens ? .transformer : .convolutional
  }
}
