import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Determinants of the matrices in the last two axes.
  static let determinants: [Operator] = [
    Operator("Det", .reduction) { call in
      let x = try call.input(0)
      try call.require(
        x.shape.rank >= 2 && x.shape[-1] == x.shape[-2] && x.shape.count > 0,
        "no square matrices: \(x.shape)")
      let size = x.shape[-1]
      try call.checkWork([x.shape.count, size])
      let shape = Shape(Array(x.shape.dimensions.dropLast(2)))
      return byRows(
        x.reshaped(to: [shape.count, size * size]), length: size * size, shape: shape, width: 1
      ) { x, y in
        y[0] = Float(determinant(x.map(Double.init), size))
      } backward: { x, _, g, result in
        // The cofactors, which there are of singular matrices, too.
        for place in x.indices {
          let minor = x.indices.filter { $0 / size != place / size && $0 % size != place % size }
          let cofactor = determinant(minor.map { Double(x[$0]) }, size - 1)
          result[place] =
            g[0] * Float((place / size + place % size).isMultiple(of: 2) ? cofactor : -cofactor)
        }
      }
    }
  ]

  /// By elimination with the largest of each column.
  private static func determinant(_ matrix: [Double], _ size: Int) -> Double {
    var (a, product) = (matrix, 1.0)
    for column in 0..<size {
      let rows = column..<size
      guard let pivot = rows.max(by: { abs(a[$0 * size + column]) < abs(a[$1 * size + column]) }),
        a[pivot * size + column] != 0
      else { return 0 }
      if pivot != column {
        for k in 0..<size { a.swapAt(pivot * size + k, column * size + k) }
        product = -product
      }
      product *= a[column * size + column]
      for row in rows.dropFirst() {
        let factor = a[row * size + column] / a[column * size + column]
        for k in column..<size { a[row * size + k] -= factor * a[column * size + k] }
      }
    }
    return product
  }
}
