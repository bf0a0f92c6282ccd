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

  @Test("as many go together as there is room for what the tape holds of them", arguments: [8, 48])
  func attention(side: Int) throws {
    // A number for each pair of pixels: 21 MB of each picture in one of the sizes.
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, nil, nil])], outputs: ["y"],
        nodes: [
          Node("Reshape", inputs: ["x", "rows"], outputs: ["k"]),
          Node(
            "Transpose", inputs: ["k"], outputs: ["q"], attributes: ["perm": .ints([0, 2, 1])]),
          Node("MatMul", inputs: ["q", "k"], outputs: ["scores"]),
          Node("Softmax", inputs: ["scores"], outputs: ["weights"]),
          Node("MatMul", inputs: ["k", "weights"], outputs: ["mixed"]),
          Node(
            "ReduceMean", inputs: ["mixed"], outputs: ["y"],
            attributes: ["axes": .ints([2]), "keepdims": .int(0)]),
        ], constants: ["rows": Constant(Tensor([3], [0, 3, -1]), isInteger: true)]))
    let explained = Explained(
      .logit(1), in: network, inputShape: [1, 3, side, side], feed: .raw)
    let pictures = (0..<3).map { seed in
      var random = SplitMix64(seed: UInt64(seed))
      return Tensor.normal([1, 3, side, side], using: &random)
    }
    let found = try gradients(explained, at: 3) { pictures[$0] }
    let size = explained.plans.value(["together", "standard", "3"]) { 0 }
    #expect(size == (side == 8 ? 3 : 1))
    for (gradient, picture) in zip(found, pictures) {
      let alone = try explained.gradient(at: picture)
      #expect(alone.norm > 0 && relativeError(gradient, alone) < 1e-5)
    }
  }
}
