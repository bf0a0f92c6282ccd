import Autodiff
import Tensors

/// A linear map of three colour channels.
struct ColorMatrix: Sendable {
  /// Nine factors, row by row.
  let entries: [Float]

  init(_ entries: [Float]) {
    self.entries = entries
  }

  var transposed: ColorMatrix {
    ColorMatrix([0, 3, 6, 1, 4, 7, 2, 5, 8].map { entries[$0] })
  }

  var inverse: ColorMatrix {
    let m = entries.map(Double.init)
    func cofactor(_ row: Int, _ column: Int) -> Double {
      let (r1, r2) = ((row + 1) % 3, (row + 2) % 3)
      let (c1, c2) = ((column + 1) % 3, (column + 2) % 3)
      return m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1]
    }
    let determinant = (0..<3).reduce(0.0) { $0 + m[$1] * cofactor(0, $1) }
    return ColorMatrix((0..<9).map { Float(cofactor($0 % 3, $0 / 3) / determinant) })
  }

  /// `y_c = Σ_k M_ck x_k` at every pixel.
  ///
  /// VJP: `g ↦ Mᵀ g`.
  ///
  /// - Parameter x: (batch, 3, height, width).
  /// - Returns: The shape of `x`.
  func applied(to x: Variable) -> Variable {
    precondition(x.shape.rank == 4 && x.shape[1] == 3, "ColorMatrix: shape \(x.shape)")
    let plane = x.shape[2] * x.shape[3]
    let m = entries
    let value = Tensor(x.shape) { out in
      x.value.withUnsafeBufferPointer { x in
        for start in stride(from: 0, to: x.count, by: 3 * plane) {
          for row in 0..<3 {
            let (a, b, c) = (m[3 * row], m[3 * row + 1], m[3 * row + 2])
            let to = start + row * plane
            for i in 0..<plane {
              out[to + i] =
                a * x[start + i] + b * x[start + plane + i] + c * x[start + 2 * plane + i]
            }
          }
        }
      }
    }
    return Variable(value, operation: "colour matrix", inputs: [x]) { g in
      [transposed.applied(to: g)]
    }
  }
}
