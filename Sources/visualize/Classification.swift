import Foundation
import Networks
import Tensors

/// A class that a network sees in a picture, and how surely.
struct Classification {
  /// The logit.
  let index: Int
  /// The logit's value.
  let logit: Float
  /// Its softmax among all logits.
  let probability: Float

  /// A line for each: probability, label, logit.
  static func lines(
    _ classes: some Collection<Classification>, labels: [String]
  ) -> [String] {
    let names = classes.map { NetworkUnit.title(ofLogit: $0.index, labels: labels) }
    let width = min(44, names.map(\.count).max() ?? 0)
    return zip(classes, names).map { one, name in
      let percent = Double(one.probability * 100).fixed(1).paddedOnLeft(to: 6)
      return "\(percent) %  \(name.padded(to: width))  logit \(Double(one.logit).fixed(2))"
    }
  }

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
  /// Why no class can be chosen.
  var noTopClass: any Error {
    let unsupported = unsupported
    return unsupported.isEmpty
      ? UnitError.noLogits("the top class") : NetworkError.unsupported(unsupported)
  }

  /// What the network sees in a picture, the surest first; nothing where it is no classifier.
  ///
  /// - Parameters:
  ///   - input: 1×C×H×W.
  ///   - shapes: What `shapes(inputShape:)` returned.
  ///   - feed: What `input` is.
  ///   - threads: How many threads share the work.
  /// - Returns: A class for every logit.
  /// - Throws: `NetworkError`.
  func classes(
    of input: Tensor, shapes: [String: Shape], feed: Feed, threads: Int
  ) throws -> [Classification] {
    guard let logits = logits(in: shapes) else { return [] }
    let plan = try plan(
      inputShape: input.shape, readings: [Reading(logits.value)], feed: feed,
      differentiable: false, threads: threads)
    return Classification.all(try plan.forward(input)[0].scalars)
  }
}
