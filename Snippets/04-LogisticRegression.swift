// The program of the autograd slide, line by line: logistic regression on four samples.

import Autodiff
import Optimizers
import Tensors

// snippet.loss
func sigmoid(_ x: Variable) -> Variable {
  0.5 * (tanh(x) + 1)
}

/// The probabilities of a label being true according to the logistic model.
func logisticPredictions(_ weights: Variable, _ inputs: Variable) -> Variable {
  sigmoid(matmul(inputs, weights))
}

/// The negative log-likelihood of the training labels.
func trainingLoss(_ weights: Variable) -> Variable {
  let (inputs, targets) = (Variable(inputs), Variable(targets))
  let predictions = logisticPredictions(weights, inputs)
  let labelProbabilities = predictions * targets + (1 - predictions) * (1 - targets)
  return -log(labelProbabilities).sum()
}
// snippet.end

let inputs = Tensor(
  [4, 3],
  [
    0.52, 1.12, 0.77,
    0.88, -1.08, 0.15,
    0.52, 0.06, -1.30,
    0.74, -2.49, 1.39,
  ])
let targets = Tensor([4, 1], [1, 1, 0, 1])

// snippet.descent
// Optimize the weights using gradient descent.
var weights = Tensor([3, 1])
print("Initial loss:", trainingLoss(Variable(weights)).value.scalar)

var optimizer = GradientDescent(learningRate: 0.01)
for _ in 0..<100 {
  optimizer.update(&weights, along: gradient(at: weights, of: trainingLoss))
}
// snippet.end
print("Trained loss:", trainingLoss(Variable(weights)).value.scalar)

// The same in a few steps of a second-order method. (The data can be separated, so the loss falls to 0.)
var newton = LBFGS(iterations: 5, search: .strongWolfe)
var parameters = [Tensor([3, 1])]
newton.update(&parameters) { w in
  valueWithGradient(at: w) { trainingLoss($0[0]) }
}
print("L-BFGS, five steps:", trainingLoss(Variable(parameters[0])).value.scalar)
