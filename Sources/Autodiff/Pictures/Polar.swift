public import Tensors

/// Complex numbers of given magnitudes and phases, `r e^(iφ)`.
///
/// VJP: `g ↦ g_im Re z − g_re Im z`, to the phases alone.
///
/// - Parameters:
///   - magnitude: r, of a shape that stretches to that of the phases.
///   - phase: φ in radians, of any shape.
/// - Returns: The shape of the phases and 2: real and imaginary part last.
public func polar(_ magnitude: Tensor, _ phase: Variable) -> Variable {
  let radii = magnitude.broadcast(to: phase.shape)
  let value = Tensor(Shape(phase.shape.dimensions + [2])) { out in
    radii.withUnsafeBufferPointer { radii in
      phase.value.withUnsafeBufferPointer { phase in
        ThreadPool.shareElements(phase.count, worth: 8) { range in
          for i in range {
            let (sine, cosine) = sineAndCosineApproximation(phase[i])
            out[2 * i] = radii[i] * cosine
            out[2 * i + 1] = radii[i] * sine
          }
        }
      }
    }
  }
  return Variable(value, operation: "polar", inputs: [phase]) { g, z in
    func part(_ x: Variable, _ index: Int) -> Variable {
      x.sliced(index..<index + 1, alongAxis: phase.shape.rank).reshaped(to: phase.shape)
    }
    return [part(g, 1) * part(z, 0) - part(g, 0) * part(z, 1)]
  }
}
