// An operation of your own: forward, backward, and values saved in between. What PyTorch calls
// torch.autograd.Function.

import Autodiff
import Tensors

// snippet.operation
/// z = x y, the lecture's example.
struct Multiply: DifferentiableFunction {
  func forward(_ inputs: [Variable]) -> (value: Tensor, saved: [Variable]) {
    (inputs[0].value * inputs[1].value, inputs)  // needed in backward
  }

  func backward(_ upstream: Variable, output: Variable, saved: [Variable]) -> [Variable?] {
    let (x, y) = (saved[0], saved[1])
    return [
      y * upstream,  // ∂z/∂x · ∂L/∂z
      x * upstream,  // ∂z/∂y · ∂L/∂z
    ]
  }
}

// snippet.end
let multiply = Multiply()
let gradients = gradient(at: [Tensor(3), Tensor(-4)]) { multiply($0[0], $0[1]) }
print("∂(xy) at (3, −4):", gradients.map(\.scalar))

let second = gradient(at: Tensor(3)) { x in gradient(at: x) { multiply($0, $0) } }
print("d²/dx² x·x:      ", second.scalar)

let points = [Tensor([3], [1, 2, 3]), Tensor([3], [-1, 0.5, 2])]
print("\nThe checker on it:\n\(checkGradient(at: points) { multiply($0[0], $0[1]) })")

// snippet.wrong
// A short one needs no type, and a wrong one is found out.
func cube(_ x: Variable) -> Variable {
  Variable(x.value * x.value * x.value, operation: "cube", inputs: [x]) { g in
    [g * 3 * x]  // 3 x² it should be
  }
}
// snippet.end
print("\nThe checker on a wrong one:\n\(checkGradient(at: points[0], of: cube))")
