/// A layer's activations of one picture taken apart into few groups of channels that occur together.
///
/// Source: Olah et al., “The Building Blocks of Interpretability”, Distill 2018.
public struct ActivationGroups: Sendable {
  /// What there is of each group: its direction among the layer's channels.
  public let directions: [[Float]]
  /// How much of each group is at each position, from the left and then from the top, for each group.
  public let maps: [[Float]]
  /// How many positions stand side by side.
  public let width: Int
  /// How many stand one below the other.
  public let height: Int

  /// Finds groups; that with most of the activations comes first.
  ///
  /// - Parameters:
  ///   - activations: The activations; what is below 0 counts as 0.
  ///   - count: How many groups; there are fewer where the activations are no more than that.
  public init(_ activations: ActivationGrid.Activations, count: Int) {
    let factors = NonNegativeFactors(activations.vectors, count: count)
    let count = factors.parts.count
    let sizes = (0..<count).map { group in
      factors.weights.reduce(0) { $0 + $1[group] } * factors.parts[group].reduce(0, +)
    }
    let order = (0..<count).sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    directions = order.map { factors.parts[$0] }
    // Of directions of length 1, so that maps can be compared.
    maps = order.map { group in
      let length = factors.parts[group].reduce(0) { $0 + $1 * $1 }.squareRoot()
      return factors.weights.map { $0[group] * length }
    }
    (width, height) = (activations.width, activations.height)
  }

  /// The share of a group in all activations.
  public func share(of group: Int) -> Float {
    func size(_ group: Int) -> Float {
      let length = directions[group].reduce(0) { $0 + $1 * $1 }.squareRoot()
      let sum = directions[group].reduce(0, +)
      return length > 0 ? maps[group].reduce(0, +) / length * sum : 0
    }
    let all = directions.indices.reduce(0) { $0 + size($1) }
    return all > 0 ? size(group) / all : 0
  }
}
