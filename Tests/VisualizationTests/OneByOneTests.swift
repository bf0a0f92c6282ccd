import Autodiff
import Networks
import Tensors
import TestSupport
import Testing
import Visualization

@Suite struct OneByOneTests {
  @Test("pictures that go through a network one after the other have each the gradient of its own")
  func gradients() throws {
    var random = SplitMix64(seed: 9)
    let three = Tensor.uniform([3, 3, 16, 16], using: &random)
    func gradient(isOneByOne: Bool) throws -> Tensor {
      let model = try PictureNetwork(smallNetwork(), isOneByOne: isOneByOne, threads: 1).compile(
        readings: [Reading(.layer("edges")), Reading(.logits)], inputShape: three.shape,
        redirecting: false)
      return try valueWithGradient(at: three) {
        let results = try model.activations($0)
        return (results[0] * results[0]).sum() + (results[1] * results[1] * results[1]).sum()
      }.gradient
    }
    let (together, alone) = (try gradient(isOneByOne: false), try gradient(isOneByOne: true))
    #expect(together.norm > 0 && (alone - together).norm < 1e-5 * together.norm)
  }
}
