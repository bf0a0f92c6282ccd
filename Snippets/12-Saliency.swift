// How much a class's score rises or falls with each pixel of a photograph: the gradient that goes all the way down,
// by hand and by one call; and what else can be asked.

import FeatureVisualization
import Foundation

let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .path()
let network = try Network(contentsOf: package + "models/everyday64-robust.onnx")
let cat = Reading(.logits, channels: [18])

// A cat that the network takes for a dog, cut to the size that it was made for.
let photograph = try Picture(contentsOf: package + "Tests/Recordings/photographs/chelsea.png")
let picture = try network.input(photograph, size: PictureSize(height: 64, width: 64))
let shapes = try network.shapes(inputShape: picture.shape)
let classes = try network.classes(of: picture, shapes: shapes, feed: .picture(), threads: 2)
for seen in classes.prefix(4) {
  let percent = 100 * (seen.probability ?? 0)
  print("\(network.labels[seen.index]): \(String(format: "%.1f", percent)) %")
}

// snippet.hand
// ∂x_j/∂x_0: the last layer's number, the first layer's gradient.
let plan = try network.plan(inputShape: picture.shape, readings: [cat])
let byHand = try gradient(at: picture) { try plan($0)[0].sum() }
// snippet.end
let same = try attribute(picture, to: .logit(18), in: network, by: .gradient)
print("\nThe gradient by hand differs from attribute's by \((byHand - same).absolute().maximum).")

// snippet.map
let map = try attribute(picture, to: .logit(18), in: network)
try HeatMap(map.absoluteMaximumOverChannels())
  .panel(of: photograph.covering(width: 192, height: 192))
  .write(to: "outputs/saliency.png")
// snippet.end

// snippet.methods
let methods: [any AttributionMethod] = [
  IntegratedGradients(steps: 20),
  SmoothGrad(of: InputTimesGradient(), samples: 10),
  AugmentationAverage(of: GradCAM()),
]
print()
for method in methods {
  let map = try attribute(picture, to: .logit(18), in: network, by: method)
  print("\(type(of: method)): \(map.shape), sum \(map.total)")
}
// snippet.end
print("\noutputs/saliency.png")
