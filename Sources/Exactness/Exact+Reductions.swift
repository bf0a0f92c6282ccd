import Foundation
import Tensors

extension Exact {
  /// The scalars with some axes last and made one: rows of what is reduced.
  private func rows(_ axes: [Int]) -> (rows: Exact, length: Int) {
    let left = (0..<shape.rank).filter { !axes.contains($0) }
    let length = axes.reduce(1) { $0 * shape[$1] }
    return (
      transposed(left + axes.sorted()).reshaped([left.reduce(1) { $0 * shape[$1] }, length]), length
    )
  }

  /// The shape that is left of some axes.
  func reduced(_ axes: [Int], keeping: Bool) -> Shape {
    let extents = shape.dimensions.enumerated()
    return Shape(
      extents.compactMap { axes.contains($0) ? (keeping ? 1 : nil) : $1 })
  }

  /// The sum over some axes.
  func sum(_ axes: [Int], keeping: Bool = true) -> Exact {
    let (rows, length) = rows(axes)
    let x = rows.scalars
    let sums = filled(rows.shape[0], worth: max(1, length)) { row in
      var sum = 0.0
      for i in row * length..<(row + 1) * length { sum += x[i] }
      return sum
    }
    return Exact(
      reduced(axes, keeping: keeping), sums,
      from: [(rows, { g in filled(x.count) { g[$0 / length] } })])
  }

  /// The mean over some axes.
  func mean(_ axes: [Int], keeping: Bool = true) -> Exact {
    sum(axes, keeping: keeping) / Double(max(1, axes.reduce(1) { $0 * shape[$1] }))
  }

  /// The product over some axes, whose gradient is right beside zeros too.
  func product(_ axes: [Int], keeping: Bool) -> Exact {
    let (rows, length) = rows(axes)
    let x = rows.scalars
    let products = (0..<rows.shape[0]).map { row in
      x[row * length..<(row + 1) * length].reduce(1, *)
    }
    return Exact(
      reduced(axes, keeping: keeping), products,
      from: [
        (
          rows,
          { g in
            // The product of all before an element, times that of all behind it.
            byRows(g.count, width: length) { row, result in
              let x = x[row * length..<(row + 1) * length]
              var product = g[row]
              for (i, factor) in x.enumerated() {
                result[i] = product
                product *= factor
              }
              product = 1
              for (i, factor) in x.enumerated().reversed() {
                result[i] *= product
                product *= factor
              }
            }
          }
        )
      ])
  }

  /// Sums along the last axis of all elements before each, or behind it, and itself unless that is left out.
  func runningSums(excluding: Bool, backwards: Bool) -> Exact {
    let length = max(1, shape[-1])
    func sums(_ x: [Double], backwards: Bool) -> [Double] {
      byRows(x.count / length, width: length) { row, y in
        var sum = 0.0
        for step in 0..<length {
          let i = backwards ? length - 1 - step : step
          if excluding { y[i] = sum }
          sum += x[row * length + i]
          if !excluding { y[i] = sum }
        }
      }
    }
    return Exact(
      shape, sums(scalars, backwards: backwards),
      from: [(self, { sums($0, backwards: !backwards) })])
  }

  /// `eˣ / Σ eˣ` along the last axis; a row of −∞ gives zeros.
  var softmax: Exact {
    let (length, x) = (max(1, shape[-1]), scalars)
    let y = byRows(x.count / length, width: length) { row, y in
      var largest = -Double.infinity
      for i in row * length..<(row + 1) * length where !(x[i] <= largest) { largest = x[i] }
      guard largest != -.infinity else { return }
      var sum = 0.0
      for i in 0..<length {
        y[i] = exp(x[row * length + i] - largest)
        sum += y[i]
      }
      for i in 0..<length { y[i] /= sum }
    }
    return Exact(
      shape, y,
      from: [
        (
          self,
          { g in
            byRows(g.count / length, width: length) { row, result in
              let first = row * length
              var mean = 0.0
              for i in first..<first + length { mean += g[i] * y[i] }
              for i in 0..<length { result[i] = y[first + i] * (g[first + i] - mean) }
            }
          }
        )
      ])
  }

  /// `log Σ eˣ` over some axes.
  func logSumExp(_ axes: [Int], keeping: Bool) -> Exact {
    let (rows, length) = rows(axes)
    let (x, share) = (rows.scalars, rows.softmax.scalars)
    let sums = (0..<rows.shape[0]).map { row -> Double in
      let own = x[row * length..<(row + 1) * length]
      guard let largest = own.max(), largest.isFinite else { return own.max() ?? -.infinity }
      return largest + log(own.reduce(0) { $0 + exp($1 - largest) })
    }
    return Exact(
      reduced(axes, keeping: keeping), sums,
      from: [(rows, { g in filled(x.count) { g[$0 / length] * share[$0] } })])
  }
}
