public import Networks
public import Tensors

/// A way to say which parts of an input mattered for one scalar of a network.
///
/// ```swift
/// let map = try IntegratedGradients().attribute(picture, to: .logit(281), in: network)
/// ```
public protocol AttributionMethod: Sendable {
  /// Explains one scalar at one input.
  ///
  /// - Parameters:
  ///   - input: N×C×H×W. Every sample has its own scalar and is explained on its own.
  ///   - subject: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The shape of `input`, unless the method says otherwise.
  /// - Throws: `NetworkError` or `AttributionError`.
  func attribute(
    _ input: Tensor, of subject: Subject, progress: (Double) -> Void
  ) throws -> Tensor
}

extension AttributionMethod {
  /// Explains one scalar of a network at one input.
  ///
  /// - Parameters:
  ///   - input: N×C×H×W. Every sample has its own scalar and is explained on its own.
  ///   - target: The scalar.
  ///   - network: The network.
  ///   - feed: What `input` is: the network's own input, or a picture.
  ///   - threads: How many threads share the work; the result does not depend on it.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The shape of `input`, unless the method says otherwise.
  /// - Throws: `NetworkError`; `AttributionError`, also where the map is not finite.
  public func attribute(
    _ input: Tensor, to target: Target, in network: Network, feed: Network.Feed = .input,
    threads: Int = processorCount, progress: (Double) -> Void = { _ in }
  ) throws -> Tensor {
    let subject = Subject(network: network, target: target, feed: feed, threads: threads)
    let map = try attribute(input, of: subject, progress: progress)
    guard map.isFinite else { throw AttributionError.notFinite }
    progress(1)
    return map
  }
}

/// What is explained: a scalar of a network, and how the network is fed.
public struct Subject: Sendable {
  /// The network.
  public var network: Network
  /// The scalar.
  public var target: Target
  /// What goes in.
  public var feed: Network.Feed
  /// How many threads share the work.
  public var threads: Int

  /// Creates a subject.
  public init(
    network: Network, target: Target, feed: Network.Feed = .input, threads: Int = processorCount
  ) {
    self.network = network
    self.target = target
    self.feed = feed
    self.threads = threads
  }
}
