public import Networks
public import Objectives
public import Tensors
public import Visualization

/// The sorted activations of a folder's pictures, layer by layer: what pictures are to be like.
public struct RankStatistics: Sendable {
  /// C×P of each layer: the channels' numbers from the smallest, as means over the pictures.
  public let sorted: [(layer: String, values: Tensor)]
  /// How many pictures they are of.
  public let count: Int
  /// What could not be read, and what else there is to say of them.
  public let notes: [String]

  /// The most pictures that are read, as in the source: evenly chosen where there are more.
  public static let limit = 50

  /// Fewer are said to be few.
  private static let few = 10

  /// Reads a folder's pictures.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - network: The network.
  ///   - shapes: What `shapes(inputShape:)` returned.
  ///   - size: Height and width that pictures are brought to, their middles.
  ///   - layers: The layers; nil: the last at each resolution, of five and more without the finest and the
  ///     coarsest.
  /// - Throws: `NoPicturesError` where no picture can be read; `NoMapsError`; `NetworkError`.
  public init(
    of folder: String, in network: Network, shapes: [String: Shape], size: PictureSize,
    layers: [String]? = nil
  ) throws {
    let files = try photographs(at: [folder])
    let step = max(1, Double(files.count) / Double(Self.limit))
    let chosen = (0..<min(files.count, Self.limit)).map { files[Int(Double($0) * step)] }
    let layers = layers ?? Self.usualLayers(network.stages(in: shapes))
    guard !layers.isEmpty else { throw NoMapsError(file: network.path) }
    let plan = try network.plan(
      inputShape: network.inputShape(size: size), readings: layers.map { Reading($0, as: .grid) },
      feed: .picture(network.preparation), differentiable: false)
    for (layer, shape) in zip(layers, plan.outputShapes) where shape.rank != 4 {
      throw ObjectiveError.noPositions(layer: layer)
    }
    var sums: [Tensor] = []
    var read = 0
    var notes = try forEachPicture(of: chosen) { picture, _ in
      let sorted = try plan.forward(network.input(picture, size: size)).map(\.sortedChannels)
      sums = sums.isEmpty ? sorted : zip(sums, sorted).map { $0 + $1 }
      read += 1
    }
    guard read > 0 else { throw NoPicturesError(folder: folder) }
    if read < Self.few {
      notes.append(
        "\(folder) has \(read) picture\(read == 1 ? "" : "s"), of which statistics are rough; \(Self.limit) are usual"
      )
    }
    (count, self.notes) = (read, notes)
    self.sorted = zip(layers, sums).map { ($0, $1 / Float(read)) }
  }

  /// At the finest, pictures become noisy; the coarsest says what is in a picture, which is the unit's to say.
  private static func usualLayers(_ stages: [String]) -> [String] {
    stages.count < 5 ? stages : Array(stages.dropFirst().dropLast())
  }

  /// How far pictures are from them: the mean over the layers of the mean square of the differences by rank,
  /// relative to the mean square of what is wanted.
  public var distance: Objective {
    let parts = sorted.map { layer, values in
      let size = max(Tensor.dot(values, values) / Float(values.count), .leastNormalMagnitude)
      return (1 / (size * Float(sorted.count))) * Objective.rankDistance(layer, to: values)
    }
    return parts.dropFirst().reduce(parts[0], +)
  }
}

/// A network without layers that have columns and rows.
public struct NoMapsError: Error, CustomStringConvertible {
  /// The network's file.
  public let file: String

  /// What is wrong and what to do.
  public var description: String {
    "\(file) has no layer with columns and rows whose activations could be like those of other pictures; leave `like` out"
  }
}

extension Tensor {
  /// C×P: the numbers of each channel from the smallest, of 1×C×….
  fileprivate var sortedChannels: Tensor {
    let places = shape.dimensions.dropFirst(2).reduce(1, *)
    let all = scalars
    return Tensor(
      [shape[1], places],
      (0..<shape[1]).flatMap { all[$0 * places..<($0 + 1) * places].sorted() })
  }
}
