import Foundation
import Networks
import Portraits
import TestSupport
import Testing
import Visualization

@Suite struct KindTests {
  @Test("the kind that a file shows, and what suits it unless more is said")
  func kinds() throws {
    let network = smallNetwork()
    func said(_ metadata: [String: String]) throws -> Network {
      try network.overriding(metadata: metadata)
    }
    #expect(network.kind == .convolutional)
    #expect(smallNetwork(channels: 1).kind == .convolutional)
    let robust = try said(["source": "trained by visualize 0.1.0, adversary l2:1"])
    #expect(robust.kind == .robust)
    func recipe(_ network: Network, _ settings: [String: String] = [:]) throws -> Recipe {
      try PreparedPortrait(
        of: .unit("dog"), settings: ["size": "16"].merging(settings) { $1 }, in: network
      ).recipe
    }
    #expect(try recipe(network).learningRate == 0.05)
    #expect(try recipe(robust).learningRate == 0.02 && recipe(robust).kind == "robust")
    #expect(try recipe(robust, ["recipe": "conv"]).learningRate == 0.05)
    #expect(try recipe(robust, ["learning-rate": "0.3"]).learningRate == 0.3)
    #expect(try recipe(network, ["recipe": "transformer"]).transforms == "colors")
    #expect(try recipe(network, ["recipe": "small"]).learningRate == 0.03)
    #expect(try recipe(network, ["recipe": "grey"]).tv == 0.3)
    let own = try robust.overriding(metadata: ["visualize.logits.learning-rate": "0.4"])
    #expect(try recipe(own).learningRate == 0.4)
  }

  @Test("tokens show a transformer")
  func transformer() throws {
    let vit = try Network(contentsOf: Recordings.file("networks/vit-mini/model.onnx").path)
    #expect(vit.kind == .transformer)
  }
}
