// Feature visualization from scratch: x ← x + η ∂(x_j − λ R)/∂x, the lecture's rule for a picture that excites a unit.
// The network's weights stay as they are; the gradient goes down to the pixels.

import FeatureVisualization
import Foundation

let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .path()
let network = try Network(contentsOf: package + "models/everyday64-robust.onnx")
let (η, λ, steps): (Float, Float, Int) = (400, 0.01, 100)

/// Climbs from faint noise to a picture of 64×64 pixels that makes a unit's activations large.
func ascend(to unit: Reading) throws -> Tensor {
  // snippet.loop
  let plan = try network.plan(inputShape: [1, 3, 64, 64], readings: [unit])
  var random = SplitMix64(seed: 0)
  var x = Tensor.normal([1, 3, 64, 64], standardDeviation: 0.01, using: &random)
  for step in 0..<steps {
    let (value, gradient) = try valueWithGradient(at: x) { x in
      let picture = sigmoid(x)  // colours in 0…1
      return try plan(picture)[0].mean() - λ * norm(picture - 0.5, epsilon: 1e-6)
    }
    x += η * gradient
    if step % 25 == 0 { print(String(format: "  step %2d: %7.3f", step, value)) }
  }
  // snippet.end
  return sigmoid(Variable(x)).value
}

print("The class cat:")
let cat = try ascend(to: Reading(.logits, channels: [18]))
print("A channel in the middle, stage2:12:")
let channel = try ascend(to: Reading("stage2", channels: [12]))

// snippet.same
// `visualize` with these parts makes the same picture.
let same = try visualize(
  .logit(18) - λ * .l2(), in: network, recipe: Recipe(),
  parameterization: PixelImage(
    height: 64, width: 64, colors: ColorMapping(decorrelated: false)),
  transforms: .none, optimizer: GradientDescent(learningRate: η), steps: steps)
// snippet.end
print("visualize's differs by \((same.picture - cat).absolute().maximum).")

// snippet.usual
// As it comes it climbs by Adam, on the picture's frequencies, in decorrelated colours, and shifts, turns and scales the
// picture a little at every step: what is left is what the network sees wherever it stands.
let usual = try visualize(.logit(18), in: network, steps: steps)
// snippet.end

let tiles = [
  (cat, "cat, by hand"), (channel, "stage2:12, by hand"), (usual.picture, "cat, as it comes"),
].map { ContactSheet.Tile(Picture($0.0).enlarged(4), caption: $0.1) }
try ContactSheet(tiles, columns: 3).picture().write(to: "outputs/ascent.png")
print("\noutputs/ascent.png")
