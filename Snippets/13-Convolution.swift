// A convolution backwards. Each output is a sum of products of a weight and an input; its gradient goes back to both:
// to the weight times the input, and to the input times the weight. Here by the module, by hand, and by differences.

import Foundation
import Modules
import Tensors

let x = Tensor([1, 1, 4, 4], [1, 2, 0, 1, 3, 1, 2, 0, 0, 2, 1, 1, 1, 0, 2, 3])
let w = Tensor([1, 1, 3, 3], [1, 0, -1, 2, 1, 0, 0, -1, 1])

/// L = ½ Σ x_out², so that ∂L/∂x_out = x_out.
func loss(_ x: Tensor, _ w: Tensor, stride: Int = 1, padding: Int = 0) -> Float {
  var module = Convolution(w, stride: stride, padding: padding)
  let out = module.forward(x)
  return Tensor.dot(out, out) / 2
}

// snippet.module
var module = Convolution(w)
let g = module.forward(x)
let byInput = module.backpropToInput(g)
let byWeights = module.backpropToWeights(g)[0]
// snippet.end

// snippet.hand
// Both gradients are convolutions themselves: that of the input by the gradient, and that of the gradient, in a ring
// of zeros, by the weights turned about (their last one first).
var ofInput = Convolution(g)
let weightsByHand = ofInput.forward(x)
var ofGradient = Convolution(Tensor(w.shape, w.scalars.reversed()), padding: 2)
let inputByHand = ofGradient.forward(g)
// snippet.end

// snippet.differences
// L is a quadratic, of which central differences are exact for any step: 1 will do.
let inputByDifferences = differences(at: x) { loss($0, w) }
let weightsByDifferences = differences(at: w) { loss(x, $0) }
// snippet.end

print("x_out, and so ∂L/∂x_out:")
show([g])
print("\n∂L/∂x_in by the module, by hand, by differences:")
show([byInput, inputByHand, inputByDifferences])
print("\n∂L/∂W by the module, by hand, by differences:")
show([byWeights, weightsByHand, weightsByDifferences])

// snippet.general
// With steps of two pixels, a ring of zeros, three channels to two: no other rule.
var random = SplitMix64(seed: 0)
let pictures = Tensor.normal([2, 3, 7, 7], using: &random)
let kernels = Tensor.normal([2, 3, 3, 3], standardDeviation: 0.3, using: &random)
var strided = Convolution(kernels, stride: 2, padding: 1)
let out = strided.forward(pictures)
let found = [strided.backpropToInput(out), strided.backpropToWeights(out)[0]]
let expected = [
  differences(at: pictures) { loss($0, kernels, stride: 2, padding: 1) },
  differences(at: kernels) { loss(pictures, $0, stride: 2, padding: 1) },
]
// snippet.end
print("\nStride 2, padding 1, from \(pictures.shape) to \(out.shape):")
for (name, (a, b)) in zip(["∂L/∂x_in", "∂L/∂W"], zip(found, expected)) {
  let agrees = (a - b).absolute().maximum < 1e-4 * a.absolute().maximum
  print("  \(name), \(a.shape): \(agrees ? "as by differences" : "NOT as by differences")")
}

/// `(L(x + 1) − L(x − 1)) / 2` for each element of a tensor.
func differences(at x: Tensor, of f: (Tensor) -> Float) -> Tensor {
  let slopes = (0..<x.count).map { i -> Float in
    var moved = x.scalars
    moved[i] += 1
    let above = f(Tensor(x.shape, moved))
    moved[i] -= 2
    return (above - f(Tensor(x.shape, moved))) / 2
  }
  return Tensor(x.shape, slopes)
}

/// Prints matrices of one size side by side.
func show(_ matrices: [Tensor]) {
  let (rows, columns) = (matrices[0].shape[-2], matrices[0].shape[-1])
  for row in 0..<rows {
    let parts = matrices.map { matrix in
      matrix.scalars[row * columns..<(row + 1) * columns].map { String(format: "%5.0f", $0) }
        .joined()
    }
    print(parts.joined(separator: "   "))
  }
}
