// Which pixels of a picture speak for a class: a map, and what else can be asked.

import FeatureVisualization
import Foundation

let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .path()
let network = try Network(contentsOf: package + "models/everyday64-robust.onnx")
let unit = try NetworkUnit("cat", in: network, inputShape: network.inputShape())
let drawn = try visualize(Objective(unit), in: network, steps: 64)

// snippet.map
let picture = Picture(drawn.picture)
let map = try attribute(picture.tensor, to: Objective(unit), in: network)
try HeatMap(map.absoluteMaximumOverChannels()).overlay(on: picture).write(
  to: "outputs/snippet-saliency.png")
// snippet.end
print("largest: \(map.absoluteMaximumOverChannels().scalars.max() ?? 0)")

// snippet.methods
let methods: [any AttributionMethod] = [
  IntegratedGradients(steps: 20),
  SmoothGrad(of: InputTimesGradient(), samples: 10),
  AugmentationAverage(of: GradCAM()),
]
for method in methods {
  let map = try attribute(picture.tensor, to: Objective(unit), in: network, by: method)
  print("\(type(of: method)): \(map.shape), sum \(map.scalars.reduce(0, +))")
}
// snippet.end
