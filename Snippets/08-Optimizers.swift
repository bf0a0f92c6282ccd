// Gradient descent's variants on Rosenbrock's banana-shaped valley, (1 − x)² + 20 (y − x²)².

import Autodiff
import Imaging
import Optimizers
import Tensors

// snippet.optimizers
func banana(_ p: Variable) -> Variable {
  let (x, y) = (p.sliced([0..<1]), p.sliced([1..<2]))
  return (square(1 - x) + 20 * square(y - square(x))).sum()
}

let start = Tensor([2], [-1.2, 1])
let optimizers: [(String, any Optimizer)] = [
  ("descent", GradientDescent(learningRate: 0.004)),
  ("momentum", Momentum(learningRate: 0.004, form: .sum)),
  ("Nesterov", Momentum(learningRate: 0.004, form: .nesterov)),
  ("RMSProp", RMSProp(learningRate: 0.01)),
  ("Adam", Adam(learningRate: 0.05)),
]
// snippet.end

var plot = LinePlot(
  "Variants of gradient descent", x: "evaluations of the gradient", y: "value",
  yScale: .logarithmic)
plot.yRange = 1e-10...100

for (name, first) in optimizers {
  var (optimizer, p, values): (any Optimizer, Tensor, [(x: Double, y: Double)]) = (first, start, [])
  for step in 0..<300 {
    let (value, gradient) = valueWithGradient(at: p, of: banana)
    values.append((Double(step), Double(value)))
    optimizer.update(&p, along: gradient)
  }
  plot.add(name, values)
  print("\(name): (\(p[0]), \(p[1])) after 300 gradients")
}

// L-BFGS guesses the Hessian from the gradients it has seen.
var lbfgs = LBFGS(search: .strongWolfe)
var p = [start]
var values: [(x: Double, y: Double)] = []
for _ in 0..<3 {
  lbfgs.update(&p) { p in
    let (value, gradient) = valueWithGradient(at: p) { banana($0[0]) }
    values.append((Double(values.count), Double(value)))
    return (value, gradient)
  }
}
plot.add("L-BFGS", values)
print("L-BFGS: (\(p[0][0]), \(p[0][1])) after \(values.count) gradients")

try plot.write(to: "outputs/optimizers.svg")
print("\noutputs/optimizers.svg")
