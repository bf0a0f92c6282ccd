public import Tensors

/// A map that follows from random draws, and how uncertain it is.
public struct MapEstimate: Sendable {
  /// The map: a mean over draws.
  public var mean: Tensor
  /// The standard error of the mean at each element, of its shape; 0 where there was one draw only.
  public var standardError: Tensor

  /// Creates an estimate.
  public init(mean: Tensor, standardError: Tensor) {
    (self.mean, self.standardError) = (mean, standardError)
  }
}

/// A method whose maps are means over random draws: seeded, so that the same seed gives the same map.
public protocol RandomMethod: AttributionMethod {
  /// Explains pictures and says how uncertain the map is.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W. Every one has its own scalar and is explained on its own.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The map and its standard error.
  /// - Throws: `NetworkError`, `ObjectiveError` or `AttributionError`.
  func estimate(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> MapEstimate
}

extension RandomMethod {
  /// Explains pictures; the map alone.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    try estimate(pictures, of: explained, progress: progress).mean
  }
}

/// Mean and spread of tensors that come one by one (Welford), which does not cancel as E[x²] − E[x]² does.
public struct RunningMean {
  /// How many came.
  public private(set) var count = 0
  /// Their mean.
  public private(set) var mean = Tensor([0])
  /// The sum of their squared distances from the mean.
  private var spread = Tensor([0])

  /// Creates the mean of none.
  public init() {}

  /// Takes one more, of the shape of the others.
  public mutating func add(_ value: Tensor) {
    count += 1
    if count == 1 { (mean, spread) = (Tensor(value.shape), Tensor(value.shape)) }
    precondition(value.shape == mean.shape, "RunningMean: \(value.shape) after \(mean.shape)")
    let divisor = Float(count)
    mean.withUnsafeMutableBufferPointer { mean in
      spread.withUnsafeMutableBufferPointer { spread in
        value.withUnsafeBufferPointer { value in
          for i in value.indices {
            let difference = value[i] - mean[i]
            mean[i] += difference / divisor
            spread[i] += difference * (value[i] - mean[i])
          }
        }
      }
    }
  }

  /// The variance over the number of values.
  public var variance: Tensor { spread / Float(max(count, 1)) }

  /// The standard error of the mean.
  public var standardError: Tensor {
    let divisor = Float(max(count - 1, 1)) * Float(max(count, 1))
    return spread.map { max($0 / divisor, 0).squareRoot() }
  }

  /// Mean and standard error.
  public var estimate: MapEstimate { MapEstimate(mean: mean, standardError: standardError) }
}
