import Blocks
import Networks
import Objectives
import Tensors

extension Explained {
  /// How the graph's values are laid out, for one picture.
  func layouts() throws -> [String: LayerLayout] {
    try plans.value("layouts") {
      network.layouts(in: try shapes())
    }
  }

  /// The layout of a layer that has positions.
  ///
  /// - Throws: `AttributionError.noPositions`, `ObjectiveError.severalMaps`.
  func spatialLayout(of layer: Reading.Source) throws -> LayerLayout {
    guard let layout = try layouts()[network.value(of: layer)], layout.grid != nil else {
      throw AttributionError.noPositions(layer: layer.title)
    }
    try checkIsOneMap(layer)
    return layout
  }

  /// What the network shows, whatever is explained, by a pass forwards alone.
  ///
  /// - Parameters:
  ///   - reading: What is read.
  ///   - pictures: N×C×H×W.
  /// - Returns: One part a picture along axis 0.
  /// - Throws: `NetworkError`.
  func read(_ reading: Reading, at pictures: Tensor) throws -> Tensor {
    try checkChannels()
    return try inBatches(pictures) { pictures in
      let key = ReadingKey(reading: reading, count: pictures.shape[0])
      let plan = try plans.plan(key, weights: weightBytes(differentiable: false)) {
        try network.plan(
          inputShape: pictures.shape, readings: [reading], feed: feed, differentiable: false,
          packsInUse: packsInUse, threads: threads)
      }
      return try plan.forward(pictures)
    }[0]
  }

  /// Throws where the objective reads a channel that its layer has not: also where nothing is asked of it, a
  /// unit that does not exist is not explained.
  func checkChannels() throws {
    for reading in objective.readings {
      let channels = try layouts()[network.value(of: reading.source)]?.channels
      guard let channels, let wanted = reading.channels?.first(where: { $0 >= channels }) else {
        continue
      }
      throw NetworkError.channelOutOfRange(
        layer: reading.title, channel: wanted, channels: channels)
    }
  }

  private struct ReadingKey: Hashable {
    let reading: Reading
    let count: Int
    var method = ConvolutionMethod.chosen
  }

  /// What a layer with positions yields, on its grid.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - pictures: N×C×H×W.
  /// - Returns: N×C×h×w.
  /// - Throws: `NetworkError`; `AttributionError.noPositions`.
  func activation(of layer: Reading.Source, at pictures: Tensor) throws -> Tensor {
    _ = try spatialLayout(of: layer)
    return try read(Reading(layer, as: .grid), at: pictures)
  }

  /// Another objective of the same network and pictures.
  func explaining(_ objective: Objective) -> Explained {
    plans.value(["explaining", objective.name]) {
      plans.sharingThreads {
        Explained(
          objective, in: network, inputShape: pictureShape, feed: feed, threads: threads,
          shapes: knownShapes)
      }
    }
  }

  /// The class whose logit is explained.
  ///
  /// - Parameter method: Who asks, for the error.
  /// - Returns: Its number.
  /// - Throws: `AttributionError.notAClass`.
  func explainedClass(for method: String) throws -> Int {
    guard objective.readings.count == 1, objective.readings[0].source == .logits,
      let channels = objective.readings[0].channels, channels.count == 1,
      objective.name == Objective.logit(channels[0]).name
    else { throw AttributionError.notAClass(method: method, objective: objective.name) }
    return channels[0]
  }
}

extension LayerLayout {
  /// The axis that channels lie along, of a tensor as the graph has it.
  var channelAxis: Int {
    switch form {
    case .channelsFirst: 1
    case .channelsLast: 3
    case .tokens: 2
    case .list: 0
    }
  }
}
