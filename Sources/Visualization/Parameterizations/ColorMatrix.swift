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
    let value = Tensor(uninitialized: x.shape)
    for start in stride(from: 0, to: value.count, by: 3 * plane) {
      let (red, out) = (x.value.start + start, value.start + start)
      let (out1, out2) = (out + plane, out + 2 * plane)
      let (green, blue) = (red + plane, red + 2 * plane)
      let (m, n, o) = (
        SIMD3(entries[0], entries[3], entries[6]), SIMD3(entries[1], entries[4], entries[7]),
        SIMD3(entries[2], entries[5], entries[8])
      )
      ThreadPool.shareElements(plane) { range in
        for i in range {
          let (r, g, b) = (red[i], green[i], blue[i])
          out[i] = m.x * r + n.x * g + o.x * b
          out1[i] = m.y * r + n.y * g + o.y * b
          out2[i] = m.z * r + n.z * g + o.z * b
        }
      }
    }
    withExtendedLifetime(x) {}
    return Variable(value, operation: "colour matrix", inputs: [x]) { g in
      [transposed.applied(to: g)]
    }
  }
}
