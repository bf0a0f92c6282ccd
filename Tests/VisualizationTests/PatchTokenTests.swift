import Foundation
import Networks
import Objectives
import Tensors
import TestSupport
import Testing
import Visualization

@Suite struct PatchTokenTests {
  @Test("a channel over all patches of a transformer: the mean of its tokens but the class token")
  func patches() throws {
    let network = try Network(
      contentsOf: Recordings.file("networks/vit-mini/model.onnx").path)
    let shape = network.inputShape(size: nil)
    let shapes = try network.shapes(inputShape: shape)
    let layouts = network.layouts(in: shapes)
    let layer = try #require(
      network.layers.last { layouts[$0.value]?.hasClassToken == true }?.name)
    var random = SplitMix64(seed: 6)
    let picture = Tensor.uniform(shape, using: &random) * 0.8 + 0.1
    let plan = try network.plan(
      inputShape: shape, readings: [Reading(layer)], feed: .picture(Preprocessing()))
    let tokens = try plan.forward(picture)[0]
    let (count, width) = (tokens.shape[1], tokens.shape[2])
    let values = (1..<count).map { Double(tokens.scalars[$0 * width + 3]) }
    let expected = values.reduce(0, +) / Double(count - 1)

    let expression = try ObjectiveExpression("patches(\"\(layer):3\")")
    let pixels = PixelImage(shape)
    let value = try visualize(
      expression.objective(in: network, shapes: shapes),
      in: PictureNetwork(network, preprocessing: Preprocessing(), threads: 1),
      parameterization: pixels, startingAt: pixels.parameters(fitting: picture), transforms: .none,
      steps: 0
    ).initialValue
    #expect(abs(Double(value) - expected) < 1e-4 * max(0.1, abs(expected)))
    let whole = (0..<count).map { Double(tokens.scalars[$0 * width + 3]) }.reduce(0, +)
    // A mean with the class token would be seen.
    #expect(abs(whole / Double(count) - expected) > 0.01 * abs(expected))
  }
}
