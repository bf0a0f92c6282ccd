// What the network that ships looks for: a class, and then the same with other choices at every stage.

import FeatureVisualization
import Foundation

let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .path()
let path = package + "models/everyday64-robust.onnx"

// snippet.unit
let network = try Network(contentsOf: path)
let cat = try NetworkUnit("cat", in: network, inputShape: network.inputShape())
let rendering = try visualize(Objective(cat), in: network)
try Picture(rendering.picture).write(to: "outputs/snippet-cat.png")
// snippet.end
print("cat: \(rendering.initialValue) → \(rendering.finalValue)")

// snippet.more
let other = try visualize(
  Objective(cat) - 0.01 * .totalVariation(), in: network,
  parameterization: PixelImage(height: 64, width: 64), transforms: .none,
  optimizer: Momentum(learningRate: 0.5, momentum: 0.9, form: .sum), steps: 100, seed: 3
) { step in
  if step.number.isMultiple(of: 25) { print(step.number, step.value) }
}
try Picture(other.picture).write(to: "outputs/snippet-cat-pixels.png")
// snippet.end
