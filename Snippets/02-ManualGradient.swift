// L = ½ (σ(wx + b) − t)² + λ/2 w²: the derivatives that the lecture works out by hand, and by tracing.

import Autodiff
import Foundation
import Tensors

let (x, t, λ): (Float, Float, Float) = (1.5, 1, 0.1)
let (w, b): (Float, Float) = (0.5, -0.3)

// snippet.hand
// By hand: cumbersome, error-prone, and σ(wx + b) written down again and again.
let σ = 1 / (1 + exp(-(w * x + b)))
let byHand = [(σ - t) * σ * (1 - σ) * x + λ * w, (σ - t) * σ * (1 - σ)]

// By tracing: the function as it stands above.
func loss(_ v: [Variable]) -> Variable {
  let z = v[0] * x + v[1]
  let y = sigmoid(z)
  return 0.5 * square(y - t) + (λ / 2) * square(v[0])
}
let traced = gradient(at: [Tensor(w), Tensor(b)], of: loss).map(\.scalar)
// snippet.end

// By differences, which is how to catch an error in the two others.
let check = checkGradient(at: [Tensor(w), Tensor(b)], of: loss)

print("          by hand      by tracing")
for (name, pair) in zip(["w", "b"], zip(byHand, traced)) {
  print(String(format: "∂L/∂%@   %11.8f   %11.8f", name, pair.0, pair.1))
}
print("\nThe checker:\n\(check)")
