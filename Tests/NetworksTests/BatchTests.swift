import Foundation
import Networks
import Tensors
import TestSupport
import Testing

/// Batches of other sizes than the one that a file was exported with.
@Suite struct BatchTests {
  @Test(
    "two pictures give what each gives, or an error where the file is written for one",
    arguments: Recordings.cases("networks"))
  func together(_ name: String) throws {
    let network = try Network(
      contentsOf: Recordings.file("networks/\(name)/model.onnx").path)
    let one = network.inputShape()
    var random = SplitMix64(seed: 1)
    let pictures = Tensor.uniform(Shape([2] + one.dimensions.dropFirst()), using: &random)
    func logits(_ input: Tensor) throws -> Tensor {
      try network.plan(
        inputShape: input.shape, readings: [Reading(.logits)], differentiable: false, threads: 1
      ).forward(input)[0]
    }
    let each = try (0..<2).map { try logits(pictures.gathered([$0], alongAxis: 0)) }
    if ["convnext-mini", "vit-mini"].contains(name) {
      // Their exporter wrote indices and shapes of one picture into them.
      let error = #expect(throws: NetworkError.self) { try logits(pictures) }
      #expect(error?.description.contains("for a batch of 1 and does not take 2") == true)
      return
    }
    let together = try logits(pictures)
    // Both run the same kernels on the same numbers; tiles of a batch may begin elsewhere.
    let expected = Tensor.concatenate(each)
    #expect(together.shape == expected.shape)
    #expect((together - expected).norm <= 1e-5 * expected.norm)
    #expect((each[0] - each[1]).norm > 1e-3 * each[0].norm)
  }
}
