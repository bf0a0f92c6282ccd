public import Tensors

/// Whether a map stays what it is under small changes of the picture that leave the prediction alone.
///
/// The mean of three similarities between the map and that of the changed picture, changed back: structural
/// similarity of the magnitudes (11×11), Spearman's correlation, and how many of the 100 greatest pixels are the
/// same. A change counts only if the network still sees the same class, and if it leaves a part of the picture;
/// how many counted is part of the result, since a mean over two of five is another thing than one over five.
///
/// Only pixels that the change leaves in the picture are compared; the map goes there and back as well, so that
/// both are blurred alike.
///
/// Source: FASS, arXiv 2604.02532, CVPR 2026.
public struct Consistency: Sendable {
  /// The changes.
  public var changes: [SmallChange]
  /// How many of the greatest pixels are compared.
  public var top: Int

  /// Creates the measure.
  ///
  /// - Parameters:
  ///   - changes: The changes.
  ///   - top: How many of the greatest pixels are compared.
  public init(changes: [SmallChange] = SmallChange.all(), top: Int = 100) {
    (self.changes, self.top) = (changes, top)
  }

  /// What one change leaves of a map.
  public struct Pair: Sendable, Hashable {
    /// The change.
    public let change: String
    /// Structural similarity; `nil` where the map is too small for a window.
    public let structure: Double?
    /// Spearman's correlation; `nil` where a map is the same everywhere.
    public let correlation: Double?
    /// The share of the greatest pixels that both have.
    public let top: Double

    /// The mean of those that there are.
    public var mean: Double {
      let values = [structure, correlation, top].compactMap(\.self)
      return values.reduce(0, +) / Double(values.count)
    }
  }

  /// Compares the maps before and after each change that leaves the prediction alone.
  ///
  /// - Parameters:
  ///   - picture: 1×C×H×W in 0…1.
  ///   - map: Its map, H×W.
  ///   - keepsPrediction: Whether the network sees the same class in a changed picture.
  ///   - explain: The map of a changed picture, H×W.
  /// - Returns: One pair a change that counts.
  /// - Throws: What the closures throw, and `ImagingError` where no JPEG can be made.
  public func pairs(
    of picture: Tensor, map: Tensor, keepsPrediction: (Tensor) throws -> Bool,
    explain: (Tensor) throws -> Tensor
  ) throws -> [Pair] {
    try changes.compactMap { change in
      try Task.checkCancellation()
      let changed = try change.change(picture)
      guard try keepsPrediction(changed) else { return nil }
      let after = try explain(changed)
      guard let motion = change.motion else { return compare(map, after, nil, change.name) }
      let inside = motion.back(motion.there(Tensor(map.shape, repeating: 1)))
      guard inside.maximum > 0.999 else { return nil }
      return compare(
        motion.back(motion.there(map)), motion.back(after), inside.map { $0 > 0.999 ? 1 : 0 },
        change.name)
    }
  }

  private func compare(
    _ before: Tensor, _ after: Tensor, _ inside: Tensor?, _ change: String
  ) -> Pair {
    func counted(_ map: Tensor) -> [Float] {
      guard let inside else { return map.scalars }
      return zip(map.scalars, inside.scalars).compactMap { $1 > 0.5 ? $0 : nil }
    }
    return Pair(
      change: change,
      structure: StructuralSimilarity()(
        before.magnitudesOfUnit, after.magnitudesOfUnit, where: inside),
      correlation: spearman(counted(before), counted(after)),
      top: topJaccard(counted(before), counted(after), count: top))
  }
}
