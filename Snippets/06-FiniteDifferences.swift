// Autodiff is not finite differences: the error of both, over the step size.
//
// A wide step errs by the function's curvature, a narrow one by the rounding of its values; automatic
// differentiation has no step. Tensors are Float, so their differences never get past five digits or so.

import Autodiff
import Foundation
import Imaging
import Tensors

func f(_ x: Variable) -> Variable { exp(sin(x)) }
func f(_ x: Float) -> Float { f(Variable(x)).value.scalar }
func inDouble(_ x: Double) -> Double { exp(sin(x)) }

let x: Float = 0.7
let exact = cos(Double(x)) * inDouble(Double(x))
let traced = Double(gradient(at: Tensor(x), of: f).scalar)

let steps = stride(from: 0.0, through: 13, by: 0.1).map { pow(10, -$0) }
func error(_ estimate: Double) -> Double { max(abs(estimate / exact - 1), 1e-16) }

/// The step as Float has it, so that rounding x is not to blame.
func shift(_ h: Double) -> Double { Double((x + Float(h)) - x) }

let floatSteps = steps.filter { $0 > 1e-7 }
let oneSided = floatSteps.map { h in (h, error(Double(f(x + Float(h)) - f(x)) / shift(h))) }
let central = floatSteps.map { h in
  (h, error(Double(f(x + Float(h)) - f(x - Float(h))) / (shift(h) - shift(-h))))
}
let precise = steps.map { h in
  (h, error((inDouble(Double(x) + h) - inDouble(Double(x) - h)) / (2 * h)))
}

var plot = LinePlot(
  "Finite differences against automatic differentiation", x: "step h",
  y: "relative error of f'(0.7)",
  xScale: .logarithmic, yScale: .logarithmic)
plot.add("(f(x+h) − f(x)) / h", oneSided)
plot.add("(f(x+h) − f(x−h)) / 2h", central)
plot.add("the same in double precision", precise)
plot.add("automatic, no step", [(steps[0], error(traced)), (1e-13, error(traced))], width: 2)
try plot.write(to: "outputs/finite-differences.svg")

print("f(x) = exp(sin x), f'(0.7) = \(exact)")
print("automatic:          \(traced)")
for (name, points) in [("one-sided", oneSided), ("central", central), ("central, double", precise)]
{
  guard let best = points.min(by: { $0.1 < $1.1 }) else { continue }
  print(String(format: "best %@: error %.0e at h = %.0e", name, best.1, best.0))
}
print("\noutputs/finite-differences.svg")
