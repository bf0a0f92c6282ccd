import Tensors

/// A layer's positions as rows of a matrix in Double, each channel less its mean.
struct PositionRows {
  /// How many positions.
  let count: Int
  /// How many channels.
  let channels: Int
  /// The sum of each position's channels, before the means are taken away.
  let sums: [Double]
  /// Channels after channels, each a number a position.
  private let columns: [Double]

  /// Takes the maps of one picture, 1×C×h×w.
  init(_ maps: Tensor) {
    channels = maps.shape[1]
    count = maps.shape[2] * maps.shape[3]
    var columns = maps.scalars.map(Double.init)
    var sums = [Double](repeating: 0, count: count)
    for channel in 0..<channels {
      let first = channel * count
      for i in 0..<count { sums[i] += columns[first + i] }
      let mean = columns[first..<first + count].reduce(0, +) / Double(max(count, 1))
      for i in 0..<count { columns[first + i] -= mean }
    }
    self.sums = sums
    self.columns = columns
  }

  /// The rows' projections on the direction of their greatest variance; the sign is arbitrary.
  func principalComponent() -> [Double] {
    let pair = leadingEigenpair(order: count) { u in
      columns.withUnsafeBufferPointer { columns in
        var result = [Double](repeating: 0, count: count)
        for channel in 0..<channels {
          let first = channel * count
          var share = 0.0
          for i in 0..<count { share += columns[first + i] * u[i] }
          for i in 0..<count { result[i] += share * columns[first + i] }
        }
        return result
      }
    }
    return pair.vector.map { $0 * max(pair.value, 0).squareRoot() }
  }

  /// The products of all rows with each other, count × count.
  func products() -> [Double] {
    var result = [Double](repeating: 0, count: count * count)
    columns.withUnsafeBufferPointer { columns in
      result.withUnsafeMutableBufferPointer { out in
        for channel in 0..<channels {
          let first = channel * count
          for row in 0..<count {
            let factor = columns[first + row]
            for column in 0..<count {
              out[row * count + column] += factor * columns[first + column]
            }
          }
        }
      }
    }
    return result
  }
}
