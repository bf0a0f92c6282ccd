public import Imaging
import Networks
import Objectives
import Portraits
import Tensors
import Visualization

extension Explainer {
  /// The layers that are looked at where none are named: the last at each resolution; of a network with one
  /// resolution alone, four from its first to its last.
  public var firingLayers: [String] { network.stages(in: shapes) }

  /// The channels of layers that respond to a photograph most beyond their usual.
  ///
  /// - Parameters:
  ///   - photograph: The photograph.
  ///   - layers: The layers.
  ///   - count: How many of each layer.
  ///   - usual: What is usual; nil: for each channel its own mean over the positions of this photograph, and as
  ///     deviation the root of its own variance over them and the layer's mean variance.
  /// - Returns: For each layer its channels, the farthest beyond their usual first.
  /// - Throws: `NetworkError` with the nearest names of a layer that is not there; `FiringError`.
  public func firing(
    in photograph: Photograph, layers: [String], count: Int, beyond usual: UsualResponses? = nil
  ) throws -> [[FiringChannel]] {
    let maps = try activations(of: layers, for: photograph.input)
    let placements = network.placements(in: shapes)
    return try zip(layers, maps).map { layer, maps in
      // Slices of a volume lie one below the other here.
      let found = placements[try network.value(ofLayer: layer)]
      let placement = found?.rank == 2 ? found : nil
      func upright(_ map: Tensor) -> Tensor {
        let (height, width) = (photograph.input.shape[2], photograph.input.shape[3])
        let large = placement?.upright(
          map.reshaped([1, 1, map.shape[0], map.shape[1]]), over: [height, width])
        return large.map { $0.reshaped([$0.shape[2], $0.shape[3]]) } ?? map
      }
      let places = maps.shape[2] * maps.shape[3]
      let values = maps.scalars.chunks(of: places)
      let own = values.map(Self.moments)
      // A channel that fires at one place in a thousand has hardly any deviation of its own, however weak it is.
      let pooled = own.reduce(0) { $0 + $1.square } / Float(max(own.count, 1))
      let channels = values.indices.compactMap { channel -> FiringChannel? in
        let (mean, deviation) =
          usual.map { ($0.means[layer]?[channel] ?? 0, $0.deviations[layer]?[channel] ?? 0) }
          ?? (own[channel].mean, (own[channel].square + pooled).squareRoot())
        // A channel that is always the same has no usual.
        guard deviation > 0, let peak = values[channel].max() else { return nil }
        return FiringChannel(
          layer: layer, channel: channel, peak: peak, usual: mean, deviation: deviation,
          map: Tensor([maps.shape[2], maps.shape[3]], values[channel]))
      }
      return channels.sorted { ($1.score, $0.channel) < ($0.score, $1.channel) }.prefix(count).map {
        var channel = $0
        channel.map = upright(channel.map)
        return channel
      }
    }
  }

  /// What is usual for the channels of layers, from pictures.
  ///
  /// - Parameters:
  ///   - layers: The layers.
  ///   - pictures: How many there are.
  ///   - picture: Reads one by its number.
  /// - Returns: The mean of each channel's peaks and their standard deviation, over one less than their number.
  /// - Throws: What `picture` throws, but for files that are no pictures, which are left out; `NetworkError`;
  ///   `FiringError` for fewer than two pictures.
  public func usualResponses(
    of layers: [String], pictures: Int, _ picture: (Int) throws -> Picture
  ) throws -> UsualResponses {
    var sums: [[Double]] = []
    var squares: [[Double]] = []
    var read = 0
    let leftOut = try forEachPicture(of: 0..<pictures, read: picture) { shown, _ in
      let framing = framing(of: shown)
      let maps = try activations(
        of: layers, for: network.input(framing.framed(shown), size: size))
      let peaks = maps.map { $0.maximum(alongAxes: [2, 3]).scalars.map(Double.init) }
      read += 1
      if read == 1 {
        sums = peaks.map { [Double](repeating: 0, count: $0.count) }
        squares = sums
      }
      for layer in layers.indices {
        for (channel, peak) in peaks[layer].enumerated() {
          // Welford: what comes is compared with the mean so far.
          let difference = peak - sums[layer][channel]
          sums[layer][channel] += difference / Double(read)
          squares[layer][channel] += difference * (peak - sums[layer][channel])
        }
      }
    }
    guard read >= 2 else { throw FiringError.tooFewPictures(read) }
    func byLayer(_ values: [[Double]], _ finish: (Double) -> Double) -> [String: [Float]] {
      Dictionary(
        zip(layers, values.map { $0.map { Float(finish($0)) } }), uniquingKeysWith: { $1 })
    }
    return UsualResponses(
      count: read, means: byLayer(sums) { $0 },
      deviations: byLayer(squares) { ($0 / Double(read - 1)).squareRoot() }, leftOut: leftOut)
  }

  /// Activations on their grids, 1×C×h×w each, as the network has them.
  private func activations(of layers: [String], for input: Tensor) throws -> [Tensor] {
    guard !layers.isEmpty else { throw FiringError.noLayers }
    let layouts = network.layouts(in: shapes)
    for layer in layers where layouts[try network.value(ofLayer: layer)]?.grid == nil {
      throw FiringError.noPositions(layer: layer)
    }
    let plan = try network.plan(
      inputShape: input.shape, readings: layers.map { Reading($0, as: .grid) }, feed: feed,
      differentiable: false, threads: threads)
    let maps = try plan.forward(input)
    for (layer, map) in zip(layers, maps) where map.shape.rank != 4 {
      throw FiringError.noPositions(layer: layer)
    }
    for (layer, map) in zip(layers, maps) where map.shape[0] != input.shape[0] {
      throw ObjectiveError.severalMaps(layer: layer, count: map.shape[0])
    }
    return maps
  }

  /// The mean and the mean square distance from it.
  private static func moments(_ values: [Float]) -> (mean: Float, square: Float) {
    let count = Double(values.count)
    let mean = values.reduce(0) { $0 + Double($1) } / count
    let square = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    return (Float(mean), Float(square))
  }
}

/// Why channels cannot be compared with their usual.
public enum FiringError: Error, Hashable, CustomStringConvertible {
  /// A network none of whose layers has positions.
  case noLayers
  /// A layer without positions.
  case noPositions(layer: String)
  /// Pictures that have no spread.
  case tooFewPictures(Int)

  /// What is wrong.
  public var description: String {
    switch self {
    case .noLayers:
      "no layer of the network has rows and columns, where its channels could fire; integrated-gradients explains its "
        + "classes all the same"
    case .noPositions(let layer):
      "layer \(layer) has no positions, only channels; name an earlier one"
    case .tooFewPictures(let count):
      "what is usual takes at least two pictures, and there \(count == 1 ? "is one" : "are none")"
    }
  }
}
