import Attribution
public import Imaging
import Networks
public import Objectives
import Portraits
public import Tensors
import Visualization

extension Explainer {
  /// The most natural pictures that a made one is held against.
  private static let best = 9
  /// The fewest natural pictures of which the best mean something.
  public static let fewestForTrust = 4
  /// The most layers that are looked at.
  private static let layers = 6

  /// Compares a picture that was made for a unit with natural ones.
  ///
  /// - Parameters:
  ///   - made: 1×C×H×W in 0…1; of several, the first counts.
  ///   - objective: The unit.
  ///   - names: The natural pictures' names.
  ///   - seed: What the randomized weights follow from.
  ///   - progress: Called with the share done, 0…1.
  ///   - picture: Reads a natural picture by its number.
  /// - Returns: What was found.
  /// - Throws: `TrustError` for too few pictures and for a unit without layers before it; what `picture` throws, but
  ///   for files that are no pictures, which are left out; `NetworkError`.
  public func trust(
    in made: Tensor, of objective: Objective, beside names: [String], seed: UInt64 = 0,
    progress: (Double) -> Void = { _ in }, picture: (Int) throws -> Picture
  ) throws -> Trust {
    let explained = explained(objective, in: network, made.shape)
    var values: [(index: Int, value: Float)] = []
    let leftOut = try forEachPicture(of: names.indices) { index in
      progress(0.8 * Double(index) / Double(names.count))
      return try picture(index)
    } _: { shown, index in
      values.append((index, try explained.values(at: input(shown))[0]))
    }
    let count = values.count
    guard count >= Self.fewestForTrust else { throw TrustError.tooFewPictures(count) }
    values.sort { ($1.value, $0.index) < ($0.value, $1.index) }
    let best = values.prefix(min(Self.best, max(count / 2, Self.fewestForTrust - 1)))
    let one = made.gathered([0], alongAxis: 0)
    let pictures = [one] + (try best.map { try input(picture($0.index)) })
    let layers = try layersBefore(objective)
    guard !layers.isEmpty else { throw TrustError.noLayers }
    let trained = try likenesses(layers, pictures, explained)
    progress(0.9)
    let randomized = try network.randomized(layers: network.weightedLayers, seed: seed)
    let random = try likenesses(
      layers, pictures, self.explained(objective, in: randomized, made.shape))
    return Trust(
      value: try explained.values(at: one)[0],
      best: best.map { Trust.Natural(file: names[$0.index], value: $0.value) },
      count: count, leftOut: leftOut, layers: trained, randomized: random)
  }

  private func explained(
    _ objective: Objective, in network: Network, _ shape: Shape
  ) -> Explained {
    Explained(objective, in: network, inputShape: shape, feed: feed, threads: threads)
  }

  private func input(_ picture: Picture) throws -> Tensor {
    let framing = framing(of: picture)
    return try network.input(framing.framed(picture), size: size)
  }

  /// Some of the layers that the unit depends on, the last among them.
  private func layersBefore(_ objective: Objective) throws -> [String] {
    let read = try objective.readings.map { try network.value(of: $0.source) }
    let made = Set(network.graph.needed(for: read).flatMap(\.outputs)).subtracting(read)
    let layouts = network.layouts(in: shapes)
    let pictures = shapes[network.input.name]?.dimensions.first
    var seen = Set<String>()
    let layers = network.layers.filter { layer in
      // One map a picture: not a map for each window or frame.
      guard made.contains(layer.value), let layout = layouts[layer.value],
        shapes[layer.value]?.dimensions.first == pictures
      else { return false }
      let hasPlace = layout.grid != nil || shapes[layer.value]?.rank == 2
      return layout.channels > 1 && hasPlace && seen.insert(layer.value).inserted
    }
    // Whole blocks, through which everything goes, say more than single branches.
    let blocks = layers.filter { !$0.name.contains(".") && !$0.name.contains("/") }
    let chosen = blocks.count >= 3 ? blocks : layers
    let count = min(Self.layers, chosen.count)
    return (1...max(count, 1)).compactMap { chosen[checked: $0 * chosen.count / max(count, 1) - 1] }
      .map(\.name)
  }

  /// How alike the ways of the first picture and of the others are.
  private func likenesses(
    _ layers: [String], _ pictures: [Tensor], _ explained: Explained
  ) throws -> [Trust.Layer] {
    // One at a time: a file may take no more.
    var ways: [[(activation: Tensor, contribution: Tensor)]] = []
    for picture in pictures {
      let responses = try explained.responses(of: layers.map { .layer($0) }, at: picture)
      ways.append(
        responses.map { response in
          (
            response.activation.sum(alongAxes: [2, 3]),
            (response.activation * response.gradient).sum(alongAxes: [2, 3])
          )
        })
    }
    return layers.indices.map { layer in
      Trust.Layer(
        name: layers[layer],
        activation: Trust.Likeness(ofRows: .concatenate(ways.map { $0[layer].activation })),
        contribution: Trust.Likeness(ofRows: .concatenate(ways.map { $0[layer].contribution })))
    }
  }
}

extension Trust.Likeness {
  /// Compares the first row with the mean of the others' directions, and each of these with that of the rest.
  ///
  /// - Parameter rows: N×C, N at least 3.
  init(ofRows rows: Tensor) {
    let (count, width) = (rows.shape[0], rows.shape[1])
    let all = rows.scalars.map(Double.init)
    let units = (0..<count).map { Self.unit(Array(all[$0 * width..<($0 + 1) * width])) }
    func cosine(_ row: Int, without left: Int? = nil) -> Float {
      var sum = [Double](repeating: 0, count: width)
      for other in 1..<count where other != left {
        for column in 0..<width { sum[column] += units[other][column] }
      }
      return Float(zip(units[row], Self.unit(sum)).reduce(0) { $0 + $1.0 * $1.1 })
    }
    let natural = (1..<count).map { cosine($0, without: $0) }.sorted()
    self.init(
      picture: cosine(0), naturalLowest: natural[0], naturalMiddle: natural[natural.count / 2])
  }

  private static func unit(_ row: [Double]) -> [Double] {
    let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? row.map { $0 / length } : row
  }
}

/// Why a picture cannot be held against natural ones.
public enum TrustError: Error, Hashable, CustomStringConvertible {
  /// So few pictures that their best say nothing.
  case tooFewPictures(Int)
  /// Nothing comes before the unit.
  case noLayers

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .tooFewPictures(let count):
      "a picture is held against the best of at least 4 natural ones, not of \(count); name a folder with more"
    case .noLayers: "no layer with channels comes before this unit, so there is no way to compare"
    }
  }
}
