import Tensors

extension [MapEstimate] {
  /// The mean of maps whose draws are independent of each other.
  ///
  /// - Precondition: There is at least one.
  var mean: MapEstimate {
    if count == 1 { return self[0] }
    let squares = map { $0.standardError * $0.standardError }
    return MapEstimate(
      mean: map(\.mean).mean,
      standardError: squares.dropFirst().reduce(squares[0], +).squareRoot() / Float(count))
  }

  /// The maps of one picture each as those of a batch.
  var concatenated: MapEstimate {
    MapEstimate(
      mean: .concatenate(map(\.mean)), standardError: .concatenate(map(\.standardError)))
  }
}
