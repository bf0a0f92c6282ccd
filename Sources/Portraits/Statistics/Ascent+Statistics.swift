import Networks
import Objectives
import Tensors
import Visualization

extension Ascent {
  /// Takes what a recipe says of other pictures' statistics as penalties, which weigh against the objective's pull.
  ///
  /// - Parameters:
  ///   - recipe: The recipe.
  ///   - network: The network.
  ///   - shapes: What `shapes(inputShape:)` returned; nil: found out.
  /// - Returns: What there is to say of them.
  /// - Throws: `NoPicturesError`, `BatchNormalizationError`, `NetworkError`.
  mutating func subtractStatistics(
    by recipe: Recipe, in network: Network, shapes: [String: Shape]? = nil
  ) throws -> [String] {
    if recipe.batchNormalization > 0 {
      let distance = try network.batchNormalizationDistance()
      penalties.append(.init(recipe.batchNormalization, distance))
    }
    guard let folder = recipe.like, recipe.likeWeight > 0 else { return [] }
    let one = Shape([1] + shape.dimensions.dropFirst())
    let statistics = try RankStatistics(
      of: folder, in: network, shapes: shapes ?? network.shapes(inputShape: one),
      size: PictureSize(height: shape[2], width: shape[3]),
      layers: recipe.likeLayers.map { list in
        list.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }
      })
    penalties.append(.init(recipe.likeWeight, statistics.distance))
    return statistics.notes
  }
}
