import Networks
public import Tensors

/// What a method says of a picture's parts.
public struct PartScores: Sendable, Hashable {
  /// A number a part, in the objective's units unless the method says otherwise.
  public var values: [Double]
  /// How far each may be off by chance: one standard error; 0 where nothing was drawn.
  public var standardErrors: [Double]
  /// The constant of a method that fits a line; 0 of others.
  public var intercept: Double

  /// Creates scores.
  ///
  /// - Parameters:
  ///   - values: A number a part.
  ///   - standardErrors: One a part; `nil`: they are exact.
  ///   - intercept: The constant of a method that fits a line.
  public init(_ values: [Double], standardErrors: [Double]? = nil, intercept: Double = 0) {
    self.values = values
    self.standardErrors = standardErrors ?? [Double](repeating: 0, count: values.count)
    self.intercept = intercept
  }
}

/// A method that gives each part of a picture a number, from what the objective is where parts are missing.
///
/// Its map has the part's number at every pixel of the part: N×1×H×W. The numbers of a map's parts, not those
/// of its pixels, add up to something.
public protocol PartMethod: RandomMethod {
  /// How pictures are cut up.
  var parts: Parts { get }
  /// What lies where a part is missing.
  var baseline: Baseline { get }
  /// How many pictures run through the network at a time.
  var batch: Int { get }

  /// The parts' numbers.
  ///
  /// - Parameters:
  ///   - game: The picture as a game of its parts.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: A number a part and how sure it is.
  /// - Throws: `NetworkError`, `ObjectiveError` or `AttributionError`.
  func scores(_ game: CoalitionGame, progress: (Double) -> Void) throws -> PartScores
}

extension PartMethod {
  /// Explains pictures: N×1×H×W, at each pixel the number of its part.
  public func estimate(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> MapEstimate {
    try explained.requirePictures(
      for: parts.isOfColors ? "\(parts)" : "a method of parts", orSignals: !parts.isOfColors)
    return try baseline.tensors(for: pictures, of: explained).map(reporting: progress) {
      baseline, progress in
      try (0..<pictures.shape[0]).map(reporting: progress) { sample, progress in
        let picture = pictures.gathered([sample], alongAxis: 0)
        let game = CoalitionGame(
          explained, picture: picture, baseline: baseline.gathered([sample], alongAxis: 0),
          partition: try parts.partition(of: picture, form: explained.network.form), batch: batch)
        let scores = try scores(game, progress: progress)
        return MapEstimate(
          mean: game.map(scores.values), standardError: game.map(scores.standardErrors))
      }.concatenated
    }.mean
  }
}
