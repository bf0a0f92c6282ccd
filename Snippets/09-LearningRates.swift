// Learning-rate schedules are values: functions of the step's number.

import Imaging
import Optimizers

let steps = 200
// snippet.schedules
let schedules: [(String, LearningRate)] = [
  ("constant", .constant(0.06)),
  ("stepwise", .stepwise(from: 0.1, every: 50, factor: 0.5)),
  ("cosine after a warm-up", .cosine(from: 0.09, over: 180).warmedUp(over: 20)),
  ("one cycle", .oneCycle(peak: 0.11, over: 200)),
]
// snippet.end

var plot = LinePlot("Learning-rate schedules", x: "step", y: "learning rate")
for (name, rate) in schedules {
  plot.add(name, (0..<steps).map { (Double($0), Double(rate(at: $0))) })
  print(
    "\(name): \(rate(at: 0)) at first, \(rate(at: steps / 2)) halfway, \(rate(at: steps - 1)) at last"
  )
}
try plot.write(to: "outputs/learning-rates.svg")
print("\noutputs/learning-rates.svg")
