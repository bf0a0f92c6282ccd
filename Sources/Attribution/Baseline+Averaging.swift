import Tensors

extension Baseline {
  /// The mean of what a method makes of each of the baselines.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  ///   - estimate: From one baseline, of the shape of `pictures`, to a map; the other argument makes the fraction
  ///     done of all of the fraction done of one.
  /// - Returns: The mean of the maps; their draws count as independent of each other.
  /// - Throws: What `estimate` throws.
  func averaged(
    over pictures: Tensor, of explained: Explained,
    _ estimate: (Tensor, (Double) -> Double) throws -> MapEstimate
  ) throws -> MapEstimate {
    let starts = tensors(for: pictures, of: explained)
    let estimates = try starts.enumerated().map { index, start in
      try estimate(start) { (Double(index) + $0) / Double(starts.count) }
    }
    if estimates.count == 1 { return estimates[0] }
    let count = Float(starts.count)
    let shape = estimates[0].mean.shape
    let squares = estimates.reduce(Tensor(shape)) { $0 + $1.standardError * $1.standardError }
    return MapEstimate(
      mean: estimates.reduce(Tensor(shape)) { $0 + $1.mean } / count,
      standardError: squares.squareRoot() / count)
  }
}
