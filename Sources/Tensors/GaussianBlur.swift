import Contracts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A Gaussian filter in Double, its weights adding up to 1; as SciPy's where it is cut off at four deviations.
package struct GaussianBlur {
  /// What lies beyond the border.
  package enum Surroundings {
    /// Zeros.
    case zeros
    /// The pixel at the border.
    case edge
    /// The picture again, mirrored at the border.
    case reflected

    /// The pixel that stands at a place of an axis; `nil` for zero.
    func place(_ place: Int, extent: Int) -> Int? {
      if (0..<extent).contains(place) { return place }
      switch self {
      case .zeros: return nil
      case .edge: return place < 0 ? 0 : extent - 1
      case .reflected:
        let period = 2 * extent
        let within = (place % period + period) % period
        return within < extent ? within : period - 1 - within
      }
    }
  }

  private let weights: [Double]
  private let surroundings: Surroundings

  /// Creates a filter.
  ///
  /// - Parameters:
  ///   - deviation: The standard deviation in pixels; 0 changes nothing.
  ///   - radius: How many pixels to each side count; `nil`: four deviations.
  ///   - surroundings: What lies beyond the border.
  package init(deviation: Double, radius: Int? = nil, beyond surroundings: Surroundings) {
    precondition(deviation >= 0 && deviation.isFinite, "GaussianBlur: a deviation of \(deviation)")
    let radius = radius ?? Int(4 * deviation + 0.5)
    let row = (-radius...radius).map { distance in
      radius == 0 ? 1 : exp(-0.5 * Double(distance * distance) / (deviation * deviation))
    }
    let sum = row.reduce(0, +)
    weights = row.map { $0 / sum }
    self.surroundings = surroundings
  }

  /// Filters planes along rows and columns; a single row, as a signal has, along itself alone.
  ///
  /// - Parameters:
  ///   - planes: Rows after rows, planes after planes.
  ///   - height: Rows of a plane.
  ///   - width: Columns.
  /// - Returns: As many numbers.
  package func callAsFunction(_ planes: [Double], height: Int, width: Int) -> [Double] {
    guard weights.count > 1, !planes.isEmpty else { return planes }
    // Rows as columns, and columns as rows again: both passes add up whole rows.
    let down = height == 1 ? planes : columns(of: planes, height: height, width: width)
    let turned = transposed(down, height: height, width: width)
    let across = columns(of: turned, height: width, width: height)
    return transposed(across, height: width, width: height)
  }

  /// Filters along columns: every row of the result is a sum of weighted rows.
  private func columns(of planes: [Double], height: Int, width: Int) -> [Double] {
    var result = [Double](repeating: 0, count: planes.count)
    let taps = taps(height)
    planes.withUnsafeBufferPointer { x in
      result.withUnsafeMutableBufferPointer { out in
        ThreadPool.share(planes.count / (height * width)) { plane, _ in
          for y in 0..<height {
            let to = (plane * height + y) * width
            for (source, weight) in taps[y] {
              let from = (plane * height + source) * width
              for i in 0..<width { out[to + i] += weight * x[from + i] }
            }
          }
        }
      }
    }
    return result
  }

  /// For each place along an axis the places that it is made of and their weights.
  private func taps(_ extent: Int) -> [[(source: Int, weight: Double)]] {
    let radius = weights.count / 2
    return (0..<extent).map { center in
      var row = [Double](repeating: 0, count: extent)
      for (tap, weight) in weights.enumerated() {
        if let place = surroundings.place(center + tap - radius, extent: extent) {
          row[place] += weight
        }
      }
      return row.enumerated().filter { $0.element != 0 }.map { ($0.offset, $0.element) }
    }
  }

  private func transposed(_ planes: [Double], height: Int, width: Int) -> [Double] {
    let size = height * width
    var result = [Double](repeating: 0, count: planes.count)
    for plane in 0..<planes.count / size {
      for y in 0..<height {
        for x in 0..<width {
          result[plane * size + x * height + y] = planes[plane * size + y * width + x]
        }
      }
    }
    return result
  }
}

extension Tensor {
  /// The planes blurred by a Gaussian, computed in Double.
  ///
  /// - Parameters:
  ///   - deviation: The standard deviation in pixels.
  ///   - surroundings: What lies beyond the border.
  /// - Returns: The same shape.
  package func blurred(
    deviation: Double, beyond surroundings: GaussianBlur.Surroundings
  ) -> Tensor {
    let blur = GaussianBlur(deviation: deviation, beyond: surroundings)
    let result = blur(scalars.map(Double.init), height: shape[-2], width: shape[-1])
    return Tensor(shape, result.map { Float($0) })
  }
}
