// Gradient descent and momentum on J = ½ (x² + 50 y²), a valley fifty times as steep across as along: the
// condition number of its Hessian is 50. Plain descent jitters across the valley and creeps along it.
//
// (The slide's rule z ← β θ + (1 − β) ∇J has a slip: it is the direction z that is kept, not θ.)

import Autodiff
import Imaging
import Optimizers
import Tensors

let steepness: Float = 50

func j(_ p: Variable) -> Variable {
  0.5 * (Variable(Tensor([2], [1, steepness])) * square(p)).sum()
}

print("The Hessian:", hessian(at: Tensor([2]), of: j).scalars)

// snippet.descend
/// Where an optimizer goes from (−10, 1), and how high it is there.
func descend(
  _ optimizer: some Optimizer, steps: Int = 80
) -> (path: [(x: Double, y: Double)], heights: [(x: Double, y: Double)]) {
  var optimizer = optimizer
  var p = Tensor([2], [-10, 1])
  var (path, heights): ([(x: Double, y: Double)], [(x: Double, y: Double)]) = ([], [])
  for step in 0...steps {
    let (height, gradient) = valueWithGradient(at: p, of: j)
    path.append((Double(p[0]), Double(p[1])))
    heights.append((Double(step), Double(height)))
    optimizer.update(&p, along: gradient)
  }
  return (path, heights)
}
// snippet.end

// The mean's rate is 1/(1 − β) times the sum's, for steps of the same length.
let runs = [
  ("plain descent", descend(GradientDescent(learningRate: 0.038))),
  ("momentum 0.7", descend(Momentum(learningRate: 0.038 / 0.3, momentum: 0.7))),
  ("Nesterov", descend(Momentum(learningRate: 0.02, momentum: 0.75, form: .nesterov))),
]

var paths = LinePlot("Two ways down a valley", x: "x", y: "y", height: 260)
(paths.xRange, paths.yRange) = (-11...2, -1.1...1.1)
for level in [0.5, 2, 6, 14, 28, 48] as [Double] {
  let ring = (0...200).map { i -> (x: Double, y: Double) in
    let angle = Double(i) * .pi / 100
    let (c, s) = (cosine(angle), cosine(angle - .pi / 2))
    return ((2 * level).squareRoot() * c, (2 * level / Double(steepness)).squareRoot() * s)
  }
  paths.add("", ring, color: Color(0xC9CED6), width: 0.75)
}
for (name, run) in runs.prefix(2) { paths.add(name, run.path, hasDots: true) }
try paths.write(to: "outputs/momentum-paths.svg")

var heights = LinePlot(
  "Momentum against plain descent, condition number 50", x: "step", y: "J", yScale: .logarithmic)
for (name, run) in runs { heights.add(name, run.heights) }
try heights.write(to: "outputs/momentum.svg")

for (name, run) in runs { print("after 80 steps, \(name): J = \(run.heights[80].y)") }
print("\noutputs/momentum-paths.svg\noutputs/momentum.svg")

/// The cosine of an angle, from the tensors.
func cosine(_ angle: Double) -> Double { Double(Tensor(Float(angle)).cosine().scalar) }
