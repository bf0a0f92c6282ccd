// A network that learns to read digits in a few seconds: 64 pixels → 64 ReLUs → 10 classes, by stochastic
// gradient descent with momentum on batches of 32. All the lecture's words on one page.

import Foundation
import Imaging
import Modules
import Optimizers
import Tensors

/// Pictures, a row of 64 numbers each, and what they show.
struct Digits {
  var pictures: Tensor
  var labels: [Int]

  /// The digits that lie in Resources: a sheet of 60 a row, and their labels.
  init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Resources")
    let sheet = try Picture(contentsOf: folder.appending(path: "digits.png").path())
    let text = try String(contentsOf: folder.appending(path: "digits.txt"), encoding: .utf8)
    labels = text.compactMap(\.wholeNumberValue)
    pictures = Tensor(
      [labels.count, 64],
      labels.indices.flatMap { i in
        (0..<64).map { k in sheet[x: i % 60 * 8 + k % 8, y: i / 60 * 8 + k / 8].luma * 2 - 1 }
      })
  }

  /// What a graph is fed for some of them.
  func inputs(_ samples: [Int]) -> [String: Tensor] {
    let targets = CrossEntropy.targets(samples.map { labels[$0] }, classes: 10)
    return ["x": pictures.gathered(samples, alongAxis: 0), "y": targets]
  }

  /// The share of some of them, in percent, that a graph takes for another digit.
  func errors(of graph: ComputationalGraph, on samples: Range<Int>) -> Double {
    var graph = graph
    _ = graph.forward(inputs(Array(samples)), training: false)
    guard let logits = graph["logits"]?.scalars else { return 100 }
    let wrong = samples.filter { sample in
      let row = logits[(sample - samples.lowerBound) * 10..<(sample - samples.lowerBound + 1) * 10]
      return row.max() != row[row.startIndex + labels[sample]]
    }
    return 100 * Double(wrong.count) / Double(samples.count)
  }
}

let digits = try Digits()
let (training, test) = (0..<1500, 1500..<1797)
var random = SplitMix64(seed: 1)

var graph = ComputationalGraph()
graph.weightDecay = 0.01
graph.add("h", Linear(inputs: 64, outputs: 64, gain: 1.4, using: &random), of: "x")
graph.add("a", Pointwise(.relu, biases: 64), of: "h")
graph.add("d", Dropout(rate: 0.2), of: "a")
graph.add("o", Linear(inputs: 64, outputs: 10, using: &random), of: "d")
graph.add("logits", Pointwise(.identity, biases: 10), of: "o")
graph.add("loss", CrossEntropy(), of: "logits", "y")

let (epochs, batch) = (30, 32)
let batches = training.count / batch
let rate = LearningRate.oneCycle(peak: 0.003, over: epochs * batches)
var optimizer = Momentum(learningRate: 0, form: .nesterov)
var (seen, unseen): ([(x: Double, y: Double)], [(x: Double, y: Double)]) = ([], [])

for epoch in 0..<epochs {
  let order = training.shuffled(using: &random)
  for i in 0..<batches {
    _ = graph.forward(digits.inputs(Array(order[i * batch..<(i + 1) * batch])))
    graph.backward()
    optimizer.learningRate = rate(at: epoch * batches + i)
    graph.update(by: &optimizer)
  }
  seen.append((Double(epoch + 1), digits.errors(of: graph, on: training)))
  unseen.append((Double(epoch + 1), digits.errors(of: graph, on: test)))
  if epoch % 5 == 4 {
    print(String(format: "epoch %2d: %.1f %% of unseen digits misread", epoch + 1, unseen[epoch].y))
  }
}

var plot = LinePlot("A small network learns to read digits", x: "epoch", y: "misread, %")
plot.add("seen in training", seen)
plot.add("never seen", unseen)
try plot.picture().write(to: "outputs/digits.png")
print("\noutputs/digits.png")
