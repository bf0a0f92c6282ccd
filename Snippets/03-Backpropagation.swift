// One step of backpropagation through the lecture's network of two inputs, two tanh units and one output,
// in its block notation: each module has forward, backprop to the input, backprop to the weights.

import Foundation
import Modules
import Optimizers
import Tensors

// snippet.graph
var graph = ComputationalGraph()
graph.add("x1", Linear(Tensor([2, 2], [1, -3, 0.2, 1])), of: "x0")
graph.add("x2", Pointwise(.tanh), of: "x1")
graph.add("x3", Linear(Tensor([1, 2], [1, -1])), of: "x2")
graph.add("loss", EuclideanCost(), of: "x3", "y")
// snippet.end

let input = Tensor([1, 2], [1, 0.1])
let target = Tensor([1, 1], [0.5])

print("Forward, in topological order:", graph.order.joined(separator: " → "))
let loss = graph.forward(["x0": input, "y": target])
for name in ["x1", "x2", "x3"] { show("  \(name)", graph[name]) }
show("  loss", loss)

print("\nBackward, in reverse:")
graph.backward()
for name in ["x3", "x2", "x1"] { show("  ∂L/∂\(name)", graph.gradient(by: name)) }
show("  ∂L/∂W1", graph.weightGradients(of: "x3")[0])
show("  ∂L/∂W0", graph.weightGradients(of: "x1")[0])

print("\nOne step of gradient descent, η = 0.2:")
var optimizer = GradientDescent(learningRate: 0.2)
graph.update(by: &optimizer)
show("  W1", graph.weights[1])
show("  W0", graph.weights[0])
show("  loss", graph.forward(["x0": input, "y": target]))

print(
  """

  The lecture prints ∂L/∂W0 with a column for each unit; here it has the shape of W0, a row for each.
  It prints W1 as (1.02, −0.989): to three decimals it is (1.023, −0.989).
  """)

/// Prints a matrix, a row a line.
func show(_ name: String, _ tensor: Tensor?) {
  guard let tensor else { return }
  let columns = tensor.shape.dimensions.last ?? 1
  let numbers = tensor.scalars.map { String(format: "%9.4f", $0) }
  var label = name
  for start in stride(from: 0, to: numbers.count, by: columns) {
    let row = numbers[start..<start + columns].joined()
    print(label.padding(toLength: 10, withPad: " ", startingAt: 0) + row)
    label = ""
  }
}
