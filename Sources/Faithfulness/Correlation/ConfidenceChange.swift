public import Attribution
public import Tensors

/// What becomes of the scalar when the picture is dimmed where the map is low.
///
/// The scalar of `nothing + map ⊙ (picture − nothing)` less that of the picture, the map brought to 0…1. Its
/// fall below 0 is the drop in confidence.
///
/// Source: Chattopadhay et al., "Grad-CAM++", WACV 2018; pytorch-grad-cam's `CamMultImageConfidenceChange`.
public struct ConfidenceChange: Sendable {
  /// Creates the measure.
  public init() {}

  /// The change.
  ///
  /// - Parameters:
  ///   - explained: The scalar.
  ///   - picture: 1×C×H×W.
  ///   - map: H×W; of a volume D×H×W.
  ///   - nothing: What is left where the map is lowest, of the picture's shape.
  /// - Returns: In the scalar's units; `nil` where the map is the same everywhere.
  /// - Throws: As `Explained.values(of:)`.
  public func value(
    of explained: Explained, at picture: Tensor, map: Tensor, nothing: Tensor
  ) throws -> Double? {
    let (low, high) = (map.minimum, map.maximum)
    guard high > low else { return nil }
    let planes = ((map - low) / (high - low))
      .reshaped(explained.places(of: picture).shape(of: map))
    let mask = explained.overBands(planes, like: picture) { $0 }
    let dimmed = nothing + mask * (picture - nothing)
    let values = try explained.values(of: 2) { $0 == 0 ? picture : dimmed }
    return Double(values[1] - values[0])
  }
}
