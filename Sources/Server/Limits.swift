/// What a server takes from whoever asks it.
public struct Limits: Hashable, Sendable {
  /// The most bytes of a request's first line and headers.
  public var head = 16 << 10
  /// The most bytes of a request's body.
  public var body = 16 << 20
  /// The most connections at a time; further ones are told to come back.
  public var connections = 64
  /// How many requests are answered at a time, the others in the order in which they came; events have no limit here.
  public var atOnce = 4
  /// How many seconds a request may take to arrive, or a part of the answer to be taken.
  public var seconds = 10

  /// Creates the usual limits.
  public init() {}
}
