// What the network that ships looks for: a class, the same with other choices at every
// stage, and an objective of one's own.

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
  optimizer: Momentum(learningRate: 15, momentum: 0.9, form: .sum), steps: 100, seed: 3
) { step in
  if step.number.isMultiple(of: 25) { print(step.number, step.value) }
}
try Picture(other.picture).write(to: "outputs/snippet-cat-pixels.png")
// snippet.end

// snippet.objective
let (cats, dogs) = (Reading(.logits, channels: [18]), Reading(.logits, channels: [22]))
let contrast = Objective("cats, not dogs", reading: [cats, dogs]) { evaluation in
  evaluation[cats].sum() - 0.5 * evaluation[dogs].sum()
}
let contrasted = try visualize(contrast, in: network, steps: 100)
// snippet.end
try Picture(contrasted.picture).write(to: "outputs/snippet-contrast.png")
print("\(contrast.name): \(contrasted.initialValue) → \(contrasted.finalValue)")
