public import Networks
public import Objectives
public import Tensors

/// A way to say which parts of a picture mattered for one scalar of a network.
///
/// ```swift
/// let map = try IntegratedGradients().attribute(picture, to: .logit(281), in: network)
/// ```
///
/// A method asks `Explained` for what it needs: values, gradients, activations. Methods with a shape in
/// common have a protocol or a wrapper of their own: `ClassActivationMap`, `SmoothGrad`.
public protocol AttributionMethod: Sendable {
  /// Explains the pictures.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W. Every one has its own scalar and is explained on its own.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The shape of `pictures`, unless the method says otherwise.
  /// - Throws: `NetworkError`, `ObjectiveError` or `AttributionError`.
  func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor
}

/// A method whose maps add up to a number that is known beforehand (completeness).
public protocol CompleteMethod: AttributionMethod {
  /// What the map of each picture should add up to, but for what the method approximates.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  /// - Returns: One number a picture, in the objective's units.
  /// - Throws: `NetworkError` or `ObjectiveError`.
  func total(at pictures: Tensor, of explained: Explained) throws -> [Float]

  /// What a map adds up to.
  ///
  /// - Parameters:
  ///   - map: The method's map of one picture.
  ///   - picture: The picture, 1×C×H×W.
  ///   - explained: What is explained.
  /// - Returns: The sum of its elements, unless the method says otherwise.
  /// - Throws: What cutting the picture up throws, where it is of parts.
  func sum(of map: Tensor, at picture: Tensor, in explained: Explained) throws -> Double
}

extension CompleteMethod {
  /// The sum of the map's elements.
  public func sum(of map: Tensor, at picture: Tensor, in explained: Explained) throws -> Double {
    map.scalars.reduce(0) { $0 + Double($1) }
  }
}

extension AttributionMethod {
  /// Explains pictures.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W. Every one has its own scalar and is explained on its own.
  ///   - objective: The scalar.
  ///   - network: The network.
  ///   - feed: What `pictures` are: RGB (or grey) in 0…1, or the network's own input.
  ///   - threads: How many threads share the work; the result does not depend on it.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The shape of `pictures`, unless the method says otherwise. A map of zeros says that nothing
  ///   changes the scalar; `Network.diagnosis` finds out why.
  /// - Throws: `NetworkError`, `ObjectiveError`; `AttributionError`, also where the map is not finite.
  public func attribute(
    _ pictures: Tensor, to objective: Objective, in network: Network,
    feed: Network.Feed = .picture(), threads: Int = processorCount,
    progress: (Double) -> Void = { _ in }
  ) throws -> Tensor {
    let explained = Explained(
      objective, in: network, inputShape: pictures.shape, feed: feed, threads: threads)
    return try explained.map(of: pictures, by: self, progress: progress)
  }
}

/// Explains pictures by SmoothGrad, or by a method of one's choice.
///
/// - Parameters:
///   - pictures: N×C×H×W. Every one has its own scalar and is explained on its own.
///   - objective: The scalar.
///   - network: The network.
///   - method: The method.
///   - feed: What `pictures` are: RGB (or grey) in 0…1, or the network's own input.
///   - threads: How many threads share the work; the result does not depend on it.
///   - progress: Called with the fraction done, 0…1.
/// - Returns: The shape of `pictures`, unless the method says otherwise.
/// - Throws: `NetworkError`, `ObjectiveError`; `AttributionError`, also where the map is not finite.
public func attribute(
  _ pictures: Tensor, to objective: Objective, in network: Network,
  by method: any AttributionMethod = SmoothGrad(), feed: Network.Feed = .picture(),
  threads: Int = processorCount, progress: (Double) -> Void = { _ in }
) throws -> Tensor {
  try method.attribute(
    pictures, to: objective, in: network, feed: feed, threads: threads, progress: progress)
}
