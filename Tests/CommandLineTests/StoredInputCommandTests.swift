import Explanations
import Foundation
import Graphs
import Imaging
import Networks
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

  @Test("a volume of other slices than the one before it: both numbers are said")
  func otherSlices() throws {
    try inEmptyFolder { folder in
      let network = Network(
        graph: Graph(
          inputs: [Graph.Input(name: "x", dimensions: [1, 1, nil, 6, 5])], outputs: ["y"],
          nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])])
      ).takingPictures()
      let volumes = try [7, 9].map { slices in
        let file = folder.appending(path: "\(slices).npy")
        try Data(NPY.file(of: Tensor([1, 1, slices, 6, 5]))).write(to: file)
        return try ExplainedFile(contentsOf: file.path)
      }
      let explainer = try Explainer(network, for: volumes[0], threads: 1)
      let error = try #require(throws: StoredInputError.self) {
        try explainer.photograph(volumes[1], named: "9.npy")
      }
      #expect(
        "\(error)" == "9.npy is of 9 slices, and what came before it of 7: explain it by itself")
    }
  }
}
