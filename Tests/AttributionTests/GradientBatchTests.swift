import Networks
import Objectives
import Tensors
import Testing

@testable import Attribution

@Suite struct GradientBatchTests {
  /// Gradients at so many points, in the order in which they come.
  private func gradients(
    _ explained: Explained, at count: Int, _ picture: (Int) -> Tensor
  ) throws -> [Tensor] {
    var found: [Tensor] = []
    try explained.gradients(at: count) {
      picture($0)
    } use: { index, gradient in
      #expect(index == found.count)
      found.append(gradient)
    }
    return found
  }

  @Test("points that go through the network together have the gradients that they have alone")
  func together() throws {
    let network = SmallNetwork.convolutional()
    let explained = Explained(.logit(2), in: network, inputShape: SmallNetwork.picture().shape)
    for count in [0, 1, 2, 3, 7, 10] {
      let found = try gradients(explained, at: count) { SmallNetwork.picture(seed: UInt64($0)) }
      #expect(found.count == count)
      for (index, gradient) in found.enumerated() {
        let alone = try explained.gradient(at: SmallNetwork.picture(seed: UInt64(index)))
        #expect(gradient == alone, "\(index) of \(count)")
      }
    }
  }

  @Test("where a graph mixes pictures they go one by one")
  func mixed() throws {
    // What is left of the mean over the batch: of one picture nothing but the rectifier's part.
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "input", dimensions: [nil, 3, nil, nil])], outputs: ["y"],
        nodes: [
          Node(
            "ReduceMean", inputs: ["input", "axes"], outputs: ["mean"],
            attributes: ["keepdims": .int(1)]),
          Node("Mul", inputs: ["input", "mean"], outputs: ["product"]),
          Node("Relu", inputs: ["product"], outputs: ["y"]),
        ], constants: ["axes": Constant(Tensor([1], [0]), isInteger: true)]))
    let explained = Explained(
      .channel("y", 1), in: network, inputShape: [1, 3, 4, 5], feed: .raw)
    let pictures = (0..<6).map { seed in
      var random = SplitMix64(seed: UInt64(seed))
      return Tensor.normal([1, 3, 4, 5], using: &random)
    }
    let found = try gradients(explained, at: 6) { pictures[$0] }
    for (gradient, picture) in zip(found, pictures) {
      let alone = try explained.gradient(at: picture)
      #expect(alone.norm > 0 && gradient == alone)
    }
  }
}
