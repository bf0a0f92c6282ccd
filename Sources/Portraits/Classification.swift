import Foundation
public import Networks
public import Tensors

/// A class that a network sees in a picture, and how surely.
public struct Classification: Sendable {
  /// The logit.
  public let index: Int
  /// The logit's value.
  public let logit: Float
  /// Its softmax among all logits.
  public let probability: Float

  /// All classes, the surest first.
  ///
  /// - Parameter logits: One number a class, of one picture.
  /// - Returns: As many classes.
  static func all(_ logits: [Float]) -> [Classification] {
    let largest = logits.max() ?? 0
    let powers = logits.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return logits.indices.map { index in
      Classification(index: index, logit: logits[index], probability: powers[index] / sum)
    }.sorted { ($1.logit, $0.index) < ($0.logit, $1.index) }
  }
}

extension Network {
  /// What the network sees in a picture, the surest first; nothing where it is no classifier.
  ///
  /// - Parameters:
  ///   - input: 1×C×H×W.
  ///   - shapes: What `shapes(inputShape:)` returned.
  ///   - feed: What `input` is.
  ///   - threads: How many threads share the work.
  /// - Returns: A class for every logit.
  /// - Throws: `NetworkError`.
  public func classes(
    of input: Tensor, shapes: [String: Shape], feed: Feed, threads: Int
  ) throws -> [Classification] {
    guard let logits = logits(in: shapes) else { return [] }
    let plan = try plan(
      inputShape: input.shape, readings: [Reading(.value(logits.value))], feed: feed,
      differentiable: false, threads: threads)
    return Classification.all(try plan.forward(input)[0].scalars)
  }

  /// How sure the network is of a class, on average over pictures.
  ///
  /// - Parameters:
  ///   - logit: The class.
  ///   - pictures: N×C×H×W in 0…1.
  ///   - threads: How many threads share the work.
  /// - Returns: 0…1; nil where the network is no classifier.
  /// - Throws: `NetworkError`.
  func probability(of logit: Int, in pictures: Tensor, threads: Int) throws -> Float? {
    let shape = Shape([1] + pictures.shape.dimensions.dropFirst())
    guard let logits = logits(in: try shapes(inputShape: shape)) else { return nil }
    let plan = try plan(
      inputShape: shape, readings: [Reading(.value(logits.value))], feed: .picture(preparation),
      differentiable: false, threads: threads)
    let count = pictures.shape[0]
    let sum = try (0..<count).reduce(Float(0)) { sum, index in
      let one = pictures.sliced([index..<index + 1] + shape.dimensions.dropFirst().map { 0..<$0 })
      let classes = Classification.all(try plan.forward(one)[0].scalars)
      return sum + (classes.first { $0.index == logit }?.probability ?? 0)
    }
    return sum / Float(count)
  }
}
