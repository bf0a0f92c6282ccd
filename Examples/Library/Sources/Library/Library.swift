// The package as a library, by its public interface alone: an objective, a transform, a parameterization and an
// attribution method of one's own, and the gradient of any layer.
//
//     swift run --package-path Examples/Library Library models/everyday64-robust.onnx picture.png outputs/library

import FeatureVisualization
import Foundation

@main
struct Library {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4 else {
      print("usage: Library MODEL PICTURE FOLDER")
      exit(64)
    }
    let network = try Network(contentsOf: arguments[1])
    let (height, width) = network.usualSize
    let picture = try Picture(contentsOf: arguments[2]).covering(width: width, height: height)
    let folder = arguments[3]
    let steps = 64

    // The defaults of the command.
    let channel = try visualize(.channel(network.layers[4].name, 3), in: network, steps: steps)
    try save(channel.picture, "channel", in: folder)

    // Everything of one's own: of the network that ships, a cat that is not a dog.
    let contrast = Objective.contrast(between: 18, and: 22)
    let own = try visualize(
      contrast - 0.001 * .totalVariation(), in: network,
      parameterization: MirroredImage(FourierImage(height: height, width: width)),
      transforms: [Flicker(0.1)] + .robust(side: min(height, width)), steps: steps, seed: 7)
    try save(own.picture, "contrast", in: folder)
    print("\(contrast.name): \(own.initialValue) → \(own.finalValue)")

    // What can be visualized can be explained, by the package's methods and by one's own.
    for (name, method) in [
      ("smoothgrad", SmoothGrad()), ("band-erasing", BandErasing(bands: 16)),
    ] as [(String, any AttributionMethod)] {
      let map = try attribute(picture.tensor, to: contrast, in: network, by: method)
      let heatMap = HeatMap(signed: map.summedOverChannels())
      try heatMap.overlay(on: picture).write(to: "\(folder)/\(name).png")
      print("\(name): sum \(map.scalars.reduce(0, +))")
    }

    // The gradient of any layer, with its activation, on its grid.
    let explained = Explained(contrast, in: network, inputShape: picture.tensor.shape)
    for layer in network.layers.suffix(8).dropLast(2) {
      let response = try explained.response(of: layer.name, at: picture.tensor)
      print("\(layer.name) \(response.gradient.shape): ‖gradient‖ = \(response.gradient.norm)")
    }
  }

  private static func save(_ picture: Tensor, _ name: String, in folder: String) throws {
    let path = "\(folder)/\(name).png"
    try Picture(picture).write(to: path)
    print(path)
  }
}
