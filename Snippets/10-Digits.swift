// A network that learns to read digits in a few seconds: 64 pixels → 64 ReLUs → 10 classes, by stochastic
// gradient descent with momentum on batches of 32. All the lecture's words on one page.

import Foundation
import Imaging
import Modules
import Optimizers
import Tensors
import Training

/// The digits that lie in Resources, in MNIST's format: `visualize train` reads them, too.
let folder = URL(filePath: #filePath).deletingLastPathComponent()
let data = try TrainingData(contentsOf: folder.appending(path: "Resources/digits").path())
let (training, test) = (data.training, data.validation)

extension PictureSet {
  /// What a graph is fed for some of them.
  func inputs(_ samples: [Int]) -> [String: Tensor] {
    let targets = CrossEntropy.targets(samples.map { labels[$0] }, classes: 10)
    return ["x": pictures(samples).reshaped([samples.count, 64]) * 2 - 1, "y": targets]
  }

  /// The share, in percent, that a graph takes for another digit.
  func errors(of graph: ComputationalGraph) -> Double {
    var graph = graph
    _ = graph.forward(inputs(Array(0..<count)), training: false)
    guard let logits = graph["logits"]?.scalars else { return 100 }
    let wrong = (0..<count).filter { sample in
      let row = logits[sample * 10..<(sample + 1) * 10]
      return row.max() != row[row.startIndex + labels[sample]]
    }
    return 100 * Double(wrong.count) / Double(count)
  }
}

var random = SplitMix64(seed: 1)

// snippet.network
var graph = ComputationalGraph()
graph.weightDecay = 0.01
graph.add("h", Linear(inputs: 64, outputs: 64, gain: 1.4, using: &random), of: "x")
graph.add("a", Pointwise(.relu, biases: 64), of: "h")
graph.add("d", Dropout(rate: 0.2), of: "a")
graph.add("o", Linear(inputs: 64, outputs: 10, using: &random), of: "d")
graph.add("logits", Pointwise(.identity, biases: 10), of: "o")
graph.add("loss", CrossEntropy(), of: "logits", "y")
// snippet.end

let (epochs, batch) = (30, 32)
let batches = training.count / batch
let rate = LearningRate.oneCycle(peak: 0.003, over: epochs * batches)
var optimizer = Momentum(learningRate: 0, form: .nesterov)
var (seen, unseen): ([(x: Double, y: Double)], [(x: Double, y: Double)]) = ([], [])

for epoch in 0..<epochs {
  // snippet.epoch
  let order = (0..<training.count).shuffled(using: &random)
  for i in 0..<batches {
    _ = graph.forward(training.inputs(Array(order[i * batch..<(i + 1) * batch])))
    graph.backward()
    optimizer.learningRate = rate(at: epoch * batches + i)
    graph.update(by: &optimizer)
  }
  // snippet.end
  seen.append((Double(epoch + 1), training.errors(of: graph)))
  unseen.append((Double(epoch + 1), test.errors(of: graph)))
  if epoch % 5 == 4 {
    print(String(format: "epoch %2d: %.1f %% of unseen digits misread", epoch + 1, unseen[epoch].y))
  }
}

var plot = LinePlot("A small network learns to read digits", x: "epoch", y: "misread, %")
plot.add("seen in training", seen)
plot.add("never seen", unseen)
try plot.write(to: "outputs/digits.svg")
print("\noutputs/digits.svg")
