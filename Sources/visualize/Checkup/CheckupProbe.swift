import Foundation
import Networks
import Objectives
import Portraits
import Tensors
import Visualization

/// What a network does with a few random pictures.
struct CheckupProbe {
  /// How long one step of an ascent and a whole picture take.
  let speed: String
  /// What is infinite or undefined.
  private(set) var notFinite: String?
  /// The channels that never respond.
  private(set) var deadUnits: String?
  /// Whether the network is sure of noise.
  private(set) var saturation: String?
  /// How alike an embedder finds noise of several kinds.
  private(set) var likeness: String?

  /// How many pictures are tried.
  private static let count = 4
  /// The most layers that are looked at.
  private static let mostLayers = 12

  init(_ network: Network, shape: Shape, threads: Int) throws {
    let shapes = try network.shapes(inputShape: shape)
    let feed = Network.Feed.picture(network.preparation)
    let last = network.logits(in: shapes).map { Reading(.value($0.value)) }
    let layers = Self.rectified(network, shapes)
    let readings = layers.map { Reading(.value($0.value)) } + [last].compactMap { $0 }
    var highest: [[Float]] = []
    var answers: [[Float]] = []
    if !readings.isEmpty {
      let plan = try network.plan(
        inputShape: shape, readings: readings, feed: feed, differentiable: false, threads: threads)
      for picture in Self.pictures(shape) {
        let values = try plan.forward(picture)
        if let place = values.firstIndex(where: { !$0.isFinite }) {
          let name = place < layers.count ? layers[place].name : "the logits"
          notFinite = "\(name): infinite or undefined numbers for a random picture"
        }
        let tops = values.prefix(layers.count).map(Self.highest)
        highest =
          highest.isEmpty ? tops : zip(highest, tops).map { zip($0, $1).map { max($0, $1) } }
        if last != nil, let values = values.last?.scalars { answers.append(values) }
      }
    }
    let dead = zip(layers, highest).compactMap { layer, tops -> String? in
      let count = tops.count { $0 <= 0 }
      return count == 0 ? nil : "\(layer.name) \(count) of \(tops.count)"
    }
    if !dead.isEmpty {
      deadUnits = "silent for \(Self.count) random pictures: " + dead.joined(separator: ", ")
    }
    if let logits = network.logits(in: shapes), notFinite == nil {
      if logits.isEmbedding {
        likeness = Self.likeness(answers)
      } else if Self.areSure(answers, logits) {
        saturation = try Self.saturation(network, logits, shape, threads)
      }
    }
    let known = network.graph.outputs + (network.classScores(in: shapes)?.sources ?? [])
    let result = known.first { shapes[$0] != nil }.map { Reading(.value($0)) }
    speed = try Self.speed(network, shape, last ?? result, feed, threads)
  }

  /// Whether a network is sure of its answer to each of some pictures, which have nothing to be seen in them.
  private static func areSure(_ answers: [[Float]], _ logits: Network.Logits) -> Bool {
    guard logits.haveProbabilities else { return false }
    return answers.allSatisfy { values in
      let probabilities = logits.probabilities(values) ?? []
      return logits.link == .sigmoid
        ? probabilities.allSatisfy { $0 < 1e-6 || $0 > 1 - 1e-6 }
        : probabilities.contains { $0 > 0.999 }
    }
  }

  /// What to say of a network that is sure of noise: how far it is beyond, and what the presets would make of it.
  private static func saturation(
    _ network: Network, _ logits: Network.Logits, _ shape: Shape, _ threads: Int
  ) throws -> String {
    var better: [String] = []
    for preset in Preset.fitting(channels: shape[1])
    where !preset.preprocessing.isSame(as: network.preparation, channels: shape[1]) {
      let plan = try network.plan(
        inputShape: shape, readings: [Reading(.value(logits.value))],
        feed: .picture(preset.preprocessing), differentiable: false, threads: threads)
      let answers = try pictures(shape).map { try plan.forward($0)[0].scalars }
      if answers.joined().allSatisfy(\.isFinite), !areSure(answers, logits) {
        better.append("--preset \(preset.rawValue)")
      }
    }
    let sure =
      logits.link == .sigmoid
      ? "every probability is 0 or 1 to six digits for noise"
      : "it is more than 99.9 % sure of a class for noise"
    return better.isEmpty
      ? "\(sure), whatever the preset: its gradients are small, and pictures of its classes are hard to move"
      : "\(sure): the range of pictures is wrong, as a rule; not so with \(better.joined(separator: ", "))"
  }

  /// How alike the least alike two of some embeddings are.
  private static func likeness(_ answers: [[Float]]) -> String? {
    let pairs = answers.indices.flatMap { a in (0..<a).map { (answers[a], answers[$0]) } }
    guard let least = pairs.map({ EmbeddingProbe.cosine($0, $1) }).min() else { return nil }
    let words = "noise of different grain is alike to \(Double(least).fixed(3)) (1: the same)"
    return least < 0.99
      ? words
      : "\(words): it tells hardly anything apart; is the range of pictures right, and is it trained?"
  }

  /// The layers that end in a rectifier, some of all parts of the network.
  private static func rectified(_ network: Network, _ shapes: [String: Shape]) -> [Network.Layer] {
    var seen = Set<String>()
    let all = network.layers.filter {
      ["Relu", "Clip", "LeakyRelu", "PRelu"].contains($0.type) && shapes[$0.value]?.rank == 4
        && seen.insert($0.value).inserted
    }
    guard all.count > mostLayers else { return all }
    return (0..<mostLayers).map { all[$0 * all.count / mostLayers] }
  }

  /// Noise of several sizes of grain.
  private static func pictures(_ shape: Shape) -> [Tensor] {
    var random = SplitMix64(seed: 0)
    return (0..<count).map { place in
      let grain = 1 << (2 * place)
      let small: Shape = [1, shape[1], max(1, shape[2] / grain), max(1, shape[3] / grain)]
      let noise = Tensor.uniform(small, using: &random)
      return noise.gathered((0..<shape[2]).map { min($0 / grain, small[2] - 1) }, alongAxis: 2)
        .gathered((0..<shape[3]).map { min($0 / grain, small[3] - 1) }, alongAxis: 3)
    }
  }

  /// The highest value of each channel.
  private static func highest(_ map: Tensor) -> [Float] {
    let plane = map.shape[2] * map.shape[3]
    return (0..<map.shape[1]).map { channel in
      map.scalars[channel * plane..<(channel + 1) * plane].max() ?? 0
    }
  }

  /// What a step there and back takes, the better of two.
  private static func speed(
    _ network: Network, _ shape: Shape, _ reading: Reading?, _ feed: Network.Feed, _ threads: Int
  ) throws -> String {
    let source = reading ?? network.layers.last.map { Reading(.value($0.value)) }
    guard let source else { return "nothing to time" }
    let plan = try network.plan(inputShape: shape, readings: [source], feed: feed, threads: threads)
    var random = SplitMix64(seed: 1)
    let picture = Tensor.uniform(shape, using: &random)
    let seed = Tensor(plan.outputShapes[0], repeating: 1)
    let clock = ContinuousClock()
    let times = try (0..<2).map { _ in
      try clock.measure {
        _ = try plan.forward(picture)
        _ = try plan.backward([seed])
      }
    }
    let step = times.min() ?? .zero
    let seconds = Double(step.components.seconds) + Double(step.components.attoseconds) / 1e18
    let steps = Recipe().steps
    return "\((seconds * 1000).fixed(1)) ms there and back; a picture of \(steps) steps in about "
      + "\((seconds * Double(steps) * 1.1).fixed(seconds * Double(steps) < 10 ? 1 : 0)) s"
  }
}
