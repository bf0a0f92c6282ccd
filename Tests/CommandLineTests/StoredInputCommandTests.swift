import Explanations
import Foundation
import Imaging
import Portraits
import Tensors
import TestSupport
import Testing

/// Signals and volumes on the command line.
@Suite struct StoredInputCommandTests {
  @Test func aSignalIsExplainedAndOtherExtentsAreRefused() throws {
    try inEmptyFolder { folder in
      let model = Recordings.folder("attribution/signal/model.onnx").path
      var random = SplitMix64(seed: 1)
      let numbers = Tensor.normal([1, 2, 96], using: &random)
      try Data(NPY.file(of: numbers)).write(to: folder.appending(path: "beat.npy"))
      try Data(NPY.file(of: Tensor([96, 2]))).write(to: folder.appending(path: "turned.npy"))
      let run = try visualize(
        "saliency", "beat.npy", "--model", model, "--method", "gradient", "--format", "npy",
        "--format", "csv", "--format", "png", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errors.contains("beat.npy: 1×2×96 numbers in"))
      let map = try NumPyFile(
        contentsOf: folder.appending(path: "outputs/beat-saliency-gradient.npy").path)
      #expect(map.tensor.shape == [1, 2, 96] && map.tensor.norm > 0)
      let sheet = try Picture(
        contentsOf: folder.appending(path: "outputs/beat-saliency-gradient.png").path)
      #expect(sheet.height > sheet.width)
      let other = try visualize("saliency", "turned.npy", "--model", model, in: folder)
      #expect(other.status == 1)
      #expect(other.errors.contains("turned.npy is 96×2, and the network takes 1×2×96"))
      let measured = try visualize(
        "evaluate", "beat.npy", "--model", model, "--methods", "gradient", "--measures",
        "deletion", in: folder)
      #expect(measured.status == 0, "\(measured.errors)")
    }
  }
}
