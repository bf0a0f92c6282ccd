/// The equations `Σ w_j (x_i − x_j) = 0` of missing pixels, `j` the neighbours inside the picture.
///
/// The matrix is symmetric and, where any pixel is known, positive definite.
struct NeighbourEquations {
  /// The missing pixels' places.
  let unknown: [Int]
  private let isMissing: [Bool]
  private let height: Int
  private let width: Int

  init(missing: [Bool], height: Int, width: Int) {
    precondition(missing.count == height * width, "\(missing.count) of \(height)×\(width) pixels")
    (isMissing, self.height, self.width) = (missing, height, width)
    unknown = missing.indices.filter { missing[$0] }
  }

  /// The missing values of a plane, in the order of `unknown`; some pixel is known.
  func solved(_ plane: [Double], tolerance: Double) -> [Double] {
    // On planes whose other pixels are 0, so that a neighbour needs no look-up.
    let fixed = zip(plane, isMissing).map { $1 ? 0 : $0 }
    let right = weighted(fixed)
    var solution = firstGuess(plane)
    let diagonal = diagonal()
    var product = applied(solution, diagonal)
    var residual = [Double](repeating: 0, count: plane.count)
    for i in unknown { residual[i] = right[i] - product[i] }
    let limit = tolerance * tolerance * unknown.reduce(0) { $0 + right[$1] * right[$1] }
    var direction = residual
    for i in unknown { direction[i] /= diagonal[i] }
    var slope = unknown.reduce(0) { $0 + residual[$1] * direction[$1] }
    for _ in 0..<4 * (height + width) + 200 {
      if unknown.reduce(0, { $0 + residual[$1] * residual[$1] }) <= limit { break }
      product = applied(direction, diagonal)
      let step = slope / unknown.reduce(0) { $0 + direction[$1] * product[$1] }
      var next = 0.0
      for i in unknown {
        solution[i] += step * direction[i]
        residual[i] -= step * product[i]
        next += residual[i] * residual[i] / diagonal[i]
      }
      let share = next / slope
      slope = next
      for i in unknown { direction[i] = residual[i] / diagonal[i] + share * direction[i] }
    }
    return unknown.map { solution[$0] }
  }

  /// The matrix times values of the missing pixels, which are 0 elsewhere.
  private func applied(_ x: [Double], _ diagonal: [Double]) -> [Double] {
    var result = weighted(x)
    for i in unknown { result[i] = diagonal[i] * x[i] - result[i] }
    return result
  }

  /// What the neighbours inside weigh together: 1 but at the border.
  private func diagonal() -> [Double] {
    weighted([Double](repeating: 1, count: isMissing.count))
  }

  /// The weighted sum of every missing pixel's neighbours.
  private func weighted(_ x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: x.count)
    x.withUnsafeBufferPointer { x in
      result.withUnsafeMutableBufferPointer { out in
        for i in unknown {
          let (row, column) = (i / width, i % width)
          if row > 0, row + 1 < height, column > 0, column + 1 < width {
            let beside = x[i - 1] + x[i + 1] + x[i - width] + x[i + width]
            let corners =
              x[i - width - 1] + x[i - width + 1] + x[i + width - 1] + x[i + width + 1]
            out[i] = beside / 6 + corners / 12
          } else {
            out[i] = weightedAtBorder(x, row, column)
          }
        }
      }
    }
    return result
  }

  private func weightedAtBorder(
    _ x: UnsafeBufferPointer<Double>, _ row: Int, _ column: Int
  ) -> Double {
    var sum = 0.0
    for y in max(row - 1, 0)...min(row + 1, height - 1) {
      for z in max(column - 1, 0)...min(column + 1, width - 1) where y != row || z != column {
        sum += x[y * width + z] * (y == row || z == column ? 1.0 / 6 : 1.0 / 12)
      }
    }
    return sum
  }

  /// The mean of the known pixels in ever larger squares around: near the solution where much is missing.
  private func firstGuess(_ plane: [Double]) -> [Double] {
    var guess = zip(plane, isMissing).map { $1 ? 0 : $0 }
    var isKnown = isMissing.map { !$0 }
    var side = 2
    while isKnown.contains(false) {
      let columns = (width + side - 1) / side
      let rows = (height + side - 1) / side
      var (sums, counts) = (
        [Double](repeating: 0, count: rows * columns), [Double](repeating: 0, count: rows * columns)
      )
      for i in plane.indices where !isMissing[i] {
        let square = i / width / side * columns + i % width / side
        sums[square] += plane[i]
        counts[square] += 1
      }
      for i in unknown where !isKnown[i] {
        let square = i / width / side * columns + i % width / side
        if counts[square] > 0 { (guess[i], isKnown[i]) = (sums[square] / counts[square], true) }
      }
      side *= 2
    }
    return zip(guess, isMissing).map { $1 ? $0 : 0 }
  }
}
