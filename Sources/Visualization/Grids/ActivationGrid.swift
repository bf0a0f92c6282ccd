import Autodiff
import Networks
import Objectives
import Optimizers
public import Tensors

/// A picture as a layer sees it: at every position an icon of the direction that its activations there have.
///
/// Source: Olah et al., “The Building Blocks of Interpretability”, Distill 2018.
public struct ActivationGrid: Hashable, Sendable {
  /// The icons' height and width, in pixels: also what the network is shown, where it takes pictures of that size.
  public var side = 56

  /// How many updates each icon gets.
  public var steps = 96

  /// The length of an update.
  public var learningRate: Float = 0.05

  /// The power of the cosine: how much an icon is to show this direction and no other.
  public var cosinePower: Float = 2

  /// Every how manieth column and row of the layer has an icon.
  public var stride = 1

  /// What the first icons, all alike, and the transforms follow from.
  public var seed: UInt64 = 0

  /// Creates a grid with the usual values.
  public init() {}

  /// What a layer shows of a picture: one row of channels for each position.
  public struct Activations: Sendable {
    /// Positions from the left, then from the top; one number a channel.
    public let vectors: [[Float]]
    /// How many positions stand side by side.
    public let width: Int
    /// How many stand one below the other.
    public let height: Int
  }

  /// The activations that a grid shows.
  ///
  /// - Parameters:
  ///   - picture: 1×C×H×W in 0…1.
  ///   - layer: The layer's name.
  ///   - network: The network.
  /// - Returns: The activations at every `stride`-th column and row.
  /// - Throws: `ObjectiveError.noPositions` for a layer without columns and rows, `.severalMaps`; `NetworkError`.
  public func activations(
    of picture: Tensor, layer: String, in network: PictureNetwork
  ) throws -> Activations {
    let map = try Self.map(of: picture, layer: layer, in: network)
    let rows = Array(Swift.stride(from: stride / 2, to: map.shape[2], by: stride))
    let columns = Array(Swift.stride(from: stride / 2, to: map.shape[3], by: stride))
    let vectors = map.gathered(rows, alongAxis: 2).gathered(columns, alongAxis: 3)
      .transposed([0, 2, 3, 1]).scalars
    let channels = map.shape[1]
    return Activations(
      vectors: (0..<rows.count * columns.count).map {
        Array(vectors[$0 * channels..<($0 + 1) * channels])
      }, width: columns.count, height: rows.count)
  }

  /// A layer's channels at every position.
  ///
  /// - Parameters:
  ///   - picture: 1×C×H×W in 0…1.
  ///   - layer: The layer's name.
  ///   - network: The network.
  /// - Returns: 1×C×h×w, the picture's rows as rows; of tokens, those that stand for a patch.
  /// - Throws: `ObjectiveError.noPositions` for a layer without columns and rows, `.severalMaps`; `NetworkError`.
  public static func map(
    of picture: Tensor, layer: String, in network: PictureNetwork
  ) throws -> Tensor {
    let plan = try network.network.plan(
      inputShape: picture.shape, readings: [Reading(layer, as: .grid)],
      feed: .picture(network.preprocessing), differentiable: false, threads: network.threads)
    let map = try plan.forward(picture)[0]
    guard map.shape.rank == 4 else { throw ObjectiveError.noPositions(layer: layer) }
    guard map.shape[0] == picture.shape[0] else {
      throw ObjectiveError.severalMaps(layer: layer, count: map.shape[0])
    }
    let placements = network.network.placements(
      in: try network.network.shapes(inputShape: picture.shape))
    // Slices of a volume lie one below the other here.
    guard let placement = placements[try network.network.value(ofLayer: layer)],
      placement.rank == 2
    else { return map }
    return placement.upright(map)
  }

  /// Draws icons of directions, each by itself.
  ///
  /// - Parameters:
  ///   - vectors: One number a channel, for each icon; one of nothing but zeros stays grey.
  ///   - layer: The layer's name.
  ///   - network: The network.
  ///   - progress: Called with the share done, 0…1; what it throws ends the work.
  /// - Returns: N×C×H×W in 0…1.
  /// - Throws: `VisualizationError`, `NetworkError`, and what `progress` throws.
  public func icons(
    of vectors: [[Float]], layer: String, in network: PictureNetwork,
    progress: (Double) throws -> Void = { _ in }
  ) throws -> Tensor {
    let channels = network.network.inputChannels ?? 3
    let (drawn, batch) = taken(layer, by: network, channels: channels)
    let live = vectors.filter { $0.contains { $0 != 0 } }
    var icons: [Tensor] = []
    for start in Swift.stride(from: 0, to: live.count, by: batch) {
      let some = Array(live[start..<min(start + batch, live.count)])
      var ascent = Ascent(
        .directions(layer, some, cosinePower: cosinePower),
        parameterization: FourierImage([some.count, channels, drawn, drawn]))
      ascent.start = first(count: some.count, channels: channels, side: drawn)
      ascent.transforms = .robust(side: drawn)
      ascent.optimizer = Adam(learningRate: learningRate)
      (ascent.steps, ascent.seed, ascent.warmUp) = (steps, seed, min(16, steps))
      icons.append(
        try ascent.run(in: network) { step in
          let done = Double(start) + Double(some.count) * Double(step.number) / Double(steps)
          try progress(done / Double(live.count))
        }.picture)
    }
    icons.append(Tensor([1, channels, drawn, drawn], repeating: 0.5))
    var next = 0
    let places = vectors.map { vector -> Int in
      guard vector.contains(where: { $0 != 0 }) else { return live.count }
      defer { next += 1 }
      return next
    }
    let all = Tensor.concatenate(icons).gathered(places, alongAxis: 0)
    return drawn == side ? all : Variable(all).resized(height: side, width: side).value
  }

  /// How many icons are drawn together.
  private static let batch = 16

  /// The size at which the network can be shown icons, and how many at a time: theirs, or its own where it takes no
  /// other; many, or one where its file takes no more.
  private func taken(
    _ layer: String, by network: PictureNetwork, channels: Int
  ) -> (side: Int, batch: Int) {
    let own = network.network.usualSize.height
    let ways = [(side, Self.batch), (side, 1), (own, Self.batch)]
    let first = ways.first { side, batch in
      (try? network.network.plan(
        inputShape: [batch, channels, side, side], readings: [Reading(layer, as: .grid)],
        feed: .picture(network.preprocessing), differentiable: false)) != nil
    }
    // What else is wrong with the layer is said when the icons are drawn.
    return first ?? (own, 1)
  }

  /// The same first spectrum for all, so that neighbours come out alike where they see the like.
  private func first(count: Int, channels: Int, side: Int) -> [Tensor] {
    var random = SplitMix64(seed: seed)
    let one = FourierImage([1, channels, side, side]).initialParameters(using: &random)
    return one.map { .concatenate([Tensor](repeating: $0, count: count)) }
  }
}

extension Tensor {
  /// Icons side by side and one below the other, without gaps: 1×C×H×W.
  ///
  /// - Parameter width: How many stand side by side.
  /// - Returns: One picture.
  public func tiled(width: Int) -> Tensor {
    let s = shape
    precondition(s.rank == 4 && s[0] % width == 0, "tiled: \(s) in rows of \(width)")
    let rows = s[0] / width
    return reshaped([rows, width, s[1], s[2], s[3]]).transposed([2, 0, 3, 1, 4])
      .reshaped([1, s[1], rows * s[2], width * s[3]])
  }
}
