public import Networks
import Visualization

extension GalleryPlan {
  /// The settings that a plan may say; its seeds are said in a way of their own.
  static let settings = Settings.all.filter { $0.key != Settings.seed.key }
  /// The most pictures of a gallery; lists, ranges and products of these with seeds are counted before they are
  /// written out.
  public static let mostPictures = 50_000

  /// The pictures of the plan, each once, in its order; one that is asked for in two sections stands in both.
  ///
  /// What the plan does not say is left to the model's own settings, and then to the usual values.
  ///
  /// - Parameter network: The network.
  /// - Returns: The pictures, each with a file name of its own.
  /// - Throws: `GalleryPlanError` with every unit that the network has not, before any work.
  public func items(in network: Network) throws -> [GalleryItem] {
    var drafting = Drafting(self, network)
    for entry in entries { try drafting.add(entry) }
    return try drafting.items()
  }
}
