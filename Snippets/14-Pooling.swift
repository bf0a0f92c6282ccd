// Pooling backwards. What was largest in a window gets all of the window's gradient, or everything gets an equal part;
// where windows overlap, what comes from each adds up.

import Foundation
import Modules
import Tensors

let x = Tensor([1, 1, 3, 4], [1, 5, 2, 0, 4, 3, 8, 6, 7, 2, 1, 9])

/// L = ½ Σ x_out², so that ∂L/∂x_out = x_out.
func loss(_ x: Tensor, _ kind: Pooling.Kind) -> Float {
  var module = Pooling(kind, size: 2, stride: 1)
  let out = module.forward(x)
  return Tensor.dot(out, out) / 2
}

print("x_in:")
show([x])
print()

for kind in [Pooling.Kind.maximum, .average] {
  // snippet.module
  var module = Pooling(kind, size: 2, stride: 1)
  let g = module.forward(x)
  let byModule = module.backpropToInput(g)
  // snippet.end

  // snippet.hand
  var byHand = [Float](repeating: 0, count: x.count)
  for (window, g) in g.scalars.enumerated() {
    let corner = window / 3 * 4 + window % 3
    let places = [corner, corner + 1, corner + 4, corner + 5]
    let largest = places.max { x.scalars[$0] < x.scalars[$1] } ?? corner
    switch kind {
    case .maximum: byHand[largest] += g
    case .average: for place in places { byHand[place] += g / 4 }
    }
  }
  // snippet.end
  let byDifferences = differences(at: x, step: 0.25) { loss($0, kind) }

  print("The \(kind) of each 2×2 pixels of 3×4, and so ∂L/∂x_out:")
  show([g])
  print("∂L/∂x_in by the module, by hand, by differences:")
  show([byModule, Tensor(x.shape, byHand), byDifferences])
  print()
}

// snippet.tie
// Where two are largest there is no derivative: a step up counts, a step down does not. The module gives all to the
// first, as most frameworks do; central differences see half of it at both.
let tie = Tensor([1, 1, 2, 2], [3, 1, 3, 2])
var module = Pooling(.maximum, size: 2)
_ = module.forward(tie)
let toTheFirst = module.backpropToInput(Tensor([1, 1, 1, 1], [1]))
let halfOfEach = differences(at: tie, step: 0.25) { $0.maximum }
// snippet.end
print("Two are largest: the window, ∂ maximum/∂x_in by the module, by differences:")
show([tie, toTheFirst, halfOfEach])

/// `(L(x + h) − L(x − h)) / 2h` for each element of a tensor.
func differences(at x: Tensor, step h: Float, of f: (Tensor) -> Float) -> Tensor {
  let slopes = (0..<x.count).map { i -> Float in
    var moved = x.scalars
    moved[i] += h
    let above = f(Tensor(x.shape, moved))
    moved[i] -= 2 * h
    return (above - f(Tensor(x.shape, moved))) / (2 * h)
  }
  return Tensor(x.shape, slopes)
}

/// Prints matrices of one size side by side.
func show(_ matrices: [Tensor]) {
  let (rows, columns) = (matrices[0].shape[-2], matrices[0].shape[-1])
  for row in 0..<rows {
    let parts = matrices.map { matrix in
      matrix.scalars[row * columns..<(row + 1) * columns].map { String(format: "%7.2f", $0) }
        .joined()
    }
    print(parts.joined(separator: "   "))
  }
}
