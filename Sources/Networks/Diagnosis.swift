import Blocks
import Graphs
public import Plans
public import Tensors

/// Why nothing can be learnt from a unit at some input.
public enum Diagnosis: Sendable, Hashable, CustomStringConvertible {
  /// The input itself has a value that is infinite or not a number.
  case inputNotFinite
  /// The first layer with such a value.
  case notFinite(layer: String, weights: Bool)
  /// The unit is 0 everywhere, and nothing that could be done to the input changes that.
  case dead(layer: String)
  /// A softmax whose gradient is 0: it is sure of its answer to the last digit.
  case saturated(layer: String)
  /// The layer nearest to the unit at which the gradient is 0.
  case noGradient(layer: String)
  /// The layer nearest to the unit at which the gradient is infinite or not a number.
  case gradientNotFinite(layer: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .inputNotFinite: "the picture itself has values that are infinite or not a number"
    case .notFinite(let layer, true):
      "the weights of \(layer) hold values that are infinite or not a number; export the model again"
    case .notFinite(let layer, false):
      "the output of \(layer) is the first to be infinite or not a number; check the range of the "
        + "pictures"
    case .dead(let layer):
      "the unit is dead at this picture: 0 everywhere in \(layer); try another unit, or start from a "
        + "picture that excites it"
    case .saturated(let layer):
      "the softmax \(layer) is saturated, so its gradient is 0; take the logit in front of it"
    case .noGradient(let layer):
      "the gradient is lost at \(layer): it is 0 there and in all layers before"
    case .gradientNotFinite(let layer):
      "the gradient is first infinite or not a number at \(layer)"
    }
  }
}

extension Network {
  /// Finds the layer where something goes wrong on the way to a unit, or back.
  ///
  /// - Parameters:
  ///   - reading: The unit.
  ///   - input: N×C×H×W.
  ///   - feed: What `input` is.
  ///   - threads: How many threads share the work.
  /// - Returns: `nil` where all values are finite and the gradient arrives.
  /// - Throws: `NetworkError` where the unit cannot be read.
  public func diagnosis(
    of reading: Reading, at input: Tensor, feed: Feed = .picture(), threads: Int = processorCount
  ) throws -> Diagnosis? {
    guard input.isFinite else { return .inputNotFinite }
    let value = try value(of: reading.source)
    let layers = layers(before: value)
    // All channels: a plan for one of them would go past the layers themselves.
    let whole = Reading(reading.source, as: reading.arrangement)
    let plan = try plan(
      inputShape: input.shape, readings: layers.map { Reading(.value($0.value)) } + [whole],
      feed: feed,
      observing: layers.map { .value($0.value) }, threads: threads)
    let results = try plan.forward(input)
    for (layer, result) in zip(layers, results) where !result.isFinite {
      return .notFinite(layer: layer.name, weights: hasWeightsNotFinite(layer))
    }
    let unit = results[layers.count]
    var seed = Tensor(unit.shape, repeating: 1)
    if let channels = reading.channels {
      seed = Tensor(
        unit.gathered(channels, alongAxis: 1).shape, repeating: 1
      ).scattered(channels, alongAxis: 1, extent: unit.shape[1])
    }
    let gradient = try plan.backward(layers.map { _ in nil } + [seed])
    guard gradient.norm == 0 || !gradient.isFinite else { return nil }
    if (unit * seed).norm == 0 { return .dead(layer: reading.title) }
    for (place, layer) in layers.enumerated().reversed() {
      guard let gradient = plan.observedGradient(place) else { continue }
      if !gradient.isFinite { return .gradientNotFinite(layer: layer.name) }
      guard gradient.norm == 0 else { continue }
      let next = layers[min(place + 1, layers.count - 1)]
      let makesShares = graph.nodes.contains {
        $0.outputs.contains(next.value) && graph.role(of: $0) == .softmax
      }
      return makesShares
        ? .saturated(layer: next.name) : .noGradient(layer: layer.name)
    }
    return .noGradient(layer: layers.first?.name ?? reading.title)
  }

  /// The layers that a value is made of, itself included, each value once, in the order in which they run.
  private func layers(before value: String) -> [Layer] {
    let made = Set(graph.needed(for: [value]).flatMap(\.outputs))
    var seen = Set<String>()
    return layers.filter { made.contains($0.value) && seen.insert($0.value).inserted }
  }

  private func hasWeightsNotFinite(_ layer: Layer) -> Bool {
    graph.nodes.contains { node in
      node.outputs.contains(layer.value)
        && node.inputs.contains { graph.constants[$0].map { !$0.tensor.isFinite } ?? false }
    }
  }
}
