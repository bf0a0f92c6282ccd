// The lecture's first example: f(x, y, z) = (x + y) z at x = −2, y = 5, z = −4.
//
// An ordinary function is traced while it runs. Every node knows its value, its function, its parents;
// walking backwards gives each the derivative of the result by its value.

import Autodiff
import Tensors

// snippet.trace
func f(_ v: [Variable]) -> Variable {
  let q = v[0] + v[1]
  return q * v[2]
}

let point = [Tensor(-2), Tensor(5), Tensor(-4)]
let (value, gradients) = valueWithGradient(at: point, of: f)
// snippet.end

print("f = (x + y) z =", value)
for (name, gradient) in zip(["x", "y", "z"], gradients) { print("∂f/∂\(name) =", gradient.scalar) }

let graph = TracedGraph(at: point, named: ["x", "y", "z"], of: f)
print("\nThe graph:\n")
print(graph)
print("\nThe same for Graphviz (… | dot -Tpng > graph.png):\n")
print(graph.dot)
