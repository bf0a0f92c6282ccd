import Attribution
public import Networks

/// Whether a map changes when the network's weights are drawn at random, as it must: a network that has learned
/// nothing has nothing to explain.
///
/// The number is the mean, over stages, of the similarity (`similarity(_:_:)`) with the map of the trained network. A
/// method whose map stays the same in ranks to more than a half (`limit`) does not notice. The mean and not the last
/// stage: guided backpropagation notices nothing until the first layers are drawn, and a map of a few positions can
/// be like another by chance.
///
/// Source: Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018.
public struct WeightRandomization: Sendable {
  /// Which layers are drawn together.
  public enum Order: Sendable, Hashable {
    /// From the last layer down, one part of them after the other, until all are drawn.
    case cascading
    /// Single layers, evenly spaced from the last to the first, the others as they were trained.
    case independent
  }

  /// Which layers are drawn together.
  public var order: Order
  /// In how many stages.
  public var stages: Int

  /// The rank correlation above which a map counts as the same.
  public static let limit = 0.5

  /// Creates the check.
  ///
  /// - Parameters:
  ///   - order: Which layers are drawn together.
  ///   - stages: In how many stages, at least 1; fewer where there are fewer layers.
  public init(_ order: Order = .cascading, stages: Int = 4) {
    precondition(stages >= 1, "WeightRandomization: \(stages) stages")
    (self.order, self.stages) = (order, stages)
  }

  /// The layers that are drawn at each stage.
  ///
  /// - Parameter network: The trained network.
  /// - Returns: Names of layers with weights, one list a stage.
  public func layers(of network: Network) -> [[String]] {
    let fromTheTop = Array(network.weightedLayers.reversed())
    let stages = min(stages, fromTheTop.count)
    return (0..<stages).map { stage in
      switch order {
      case .cascading: Array(fromTheTop.prefix((stage + 1) * fromTheTop.count / stages))
      case .independent:
        [fromTheTop[stages == 1 ? 0 : stage * (fromTheTop.count - 1) / (stages - 1)]]
      }
    }
  }

  /// The similarities of several methods' maps with those of the network at each stage.
  ///
  /// All methods run on one network before the next is drawn, so that there is one at a time.
  ///
  /// - Parameters:
  ///   - explanations: What the methods say of the trained network, of one picture.
  ///   - progress: Called before each map; what it throws ends the work.
  /// - Returns: One list a method; an error where a map cannot be made.
  /// - Throws: What `progress` throws.
  func similarities(
    of explanations: [MeasuredMap], progress: (MeasuredMap) throws -> Void
  ) throws -> [Result<[Double], any Error>] {
    guard let picture = explanations.first?.picture else { return [] }
    let network = picture.explained.network
    let stages = layers(of: network)
    guard !stages.isEmpty else {
      let error = FaithfulnessError.undefined("the network has no weights to draw")
      return explanations.map { _ in .failure(error) }
    }
    var results = explanations.map { _ in Result<[Double], any Error>.success([]) }
    for layers in stages {
      let drawn = try network.randomized(layers: layers, seed: picture.seed)
      let explained = picture.explained(in: drawn)
      for (index, explanation) in explanations.enumerated() {
        try progress(explanation)
        do {
          let map = try explanation.pixels(of: picture.picture, explained)
          results[index] = .success(
            try results[index].get() + [similarity(explanation.pixels, map)])
        } catch let error as CancellationError {
          throw error
        } catch {
          results[index] = .failure(error)
        }
      }
    }
    return results
  }
}
