import Autodiff
import Networks
public import Tensors

extension Objective {
  /// How far the sorted activations of a layer's channels are from given ones; subtract it.
  ///
  /// It is the mean square of the differences by rank, over channels, ranks and the batch.
  ///
  /// Each activation is held against the number that has its rank in its channel; which has which rank counts as
  /// constant, as the derivative of sorting does. Source: Görgün et al., “VITAL”, ICCV 2025.
  ///
  /// - Parameters:
  ///   - layer: The layer's name.
  ///   - sorted: C×P, each channel's numbers from the smallest, as many as the layer has positions.
  /// - Returns: The objective; its value throws `ObjectiveError` for a layer of another size.
  public static func rankDistance(_ layer: String, to sorted: Tensor) -> Objective {
    let reading = Reading(layer, as: .grid)
    return Objective("rank distance(\(layer))", reading: [reading]) { evaluation in
      let activations = evaluation[reading]
      let shape = activations.shape
      let places = shape.dimensions.dropFirst(2).reduce(1, *)
      guard sorted.shape == [shape[1], places] else {
        throw ObjectiveError.statistics(layer: layer, known: sorted.shape, shape: shape)
      }
      let wanted = sorted.atRanks(of: activations.value)
      return square(activations - Variable(wanted)).mean()
    }
  }

  /// How far channels' means and variances before batch normalizations are from those of the training pictures.
  ///
  /// `Σ ‖μ − μ̂‖ + ‖σ² − σ̂²‖` over the normalizations, the first with ten times the weight; means and variances
  /// over batch and positions, the variance over their number. Subtract it. Source: Yin et al., “Dreaming to
  /// Distill”, CVPR 2020, where it is called R_feature.
  ///
  /// - Parameter statistics: What the file holds of each normalization, in the order in which they run.
  /// - Returns: The objective.
  public static func batchNormalization(_ statistics: [BatchNormalizationStatistics]) -> Objective {
    let readings = statistics.map { Reading(.value($0.value), as: .channelsFirst) }
    return Objective("batch norm", reading: readings) { evaluation in
      var sum = Variable(0)
      for (place, (reading, known)) in zip(readings, statistics).enumerated() {
        let x = evaluation[reading]
        let axes = [0] + Array(2..<x.shape.rank)
        let mean = x.mean(alongAxes: axes, keepingAxes: true)
        let variance = square(x - mean).mean(alongAxes: axes, keepingAxes: true)
        let shape = Shape([1, x.shape[1]] + [Int](repeating: 1, count: x.shape.rank - 2))
        let distance =
          norm(mean - Variable(known.mean.reshaped(shape)), epsilon: 1e-12)
          + norm(variance - Variable(known.variance.reshaped(shape)), epsilon: 1e-12)
        sum += distance * (place == 0 ? 10 : 1)
      }
      return sum
    }
  }
}

extension Tensor {
  /// For every number, what another tensor has at its rank in its channel.
  ///
  /// - Parameter maps: N×C×….
  /// - Returns: The shape of `maps`; of equal numbers the first counts as the smaller.
  fileprivate func atRanks(of maps: Tensor) -> Tensor {
    let (rows, places) = (maps.shape[0] * maps.shape[1], shape[1])
    let channels = shape[0]
    let result = Tensor(uninitialized: maps.shape)
    let (values, out, wanted) = (maps.start, result.start, start)
    ThreadPool.share(rows) { row, _ in
      let base = row * places
      // Their order is that of the numbers, then of the places.
      var keys = (0..<places).map { place -> UInt64 in
        let bits = values[base + place].bitPattern
        let ordered = bits >> 31 == 0 ? bits | 1 << 31 : ~bits
        return UInt64(ordered) << 32 | UInt64(place)
      }
      keys.sort()
      let target = wanted + row % channels * places
      for (rank, key) in keys.enumerated() {
        out[base + Int(UInt32(truncatingIfNeeded: key))] = target[rank]
      }
    }
    withExtendedLifetime((maps, self)) {}
    return result
  }
}
