import Attribution

/// Whether a map changes when another unit is explained: one that is the same for every class says what is in
/// the picture, not why the network named it.
///
/// The mean similarity of the map with those of two other units of the same kind, drawn at random. One above
/// `WeightRandomization.limit` does not notice.
///
/// Adebayo et al. ("Sanity Checks for Saliency Maps", NeurIPS 2018) train the network again with permuted
/// labels, which a file does not allow; swapping the labels of a trained network comes to this.
public struct LabelSwap: Sendable {
  /// Creates the check.
  public init() {}

  /// The similarities of a map with those of other units.
  ///
  /// - Parameter explanation: The map.
  /// - Returns: One a unit.
  /// - Throws: What the method throws; `FaithfulnessError.undefined` where there is no other unit.
  public func similarities(of explanation: MeasuredMap) throws -> [Double] {
    let picture = explanation.picture
    guard !picture.others.isEmpty else {
      throw FaithfulnessError.undefined("there is no other unit of its kind")
    }
    return try picture.others.map { other in
      try Task.checkCancellation()
      let explained = picture.explained(in: picture.explained.network, other)
      return similarity(
        explanation.pixels, try explanation.pixels(of: picture.picture, explained))
    }
  }
}
