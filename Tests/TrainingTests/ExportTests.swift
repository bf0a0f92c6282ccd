import Foundation
import Networks
import ONNX
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite("Export of a trained network")
struct ExportTests {
  @Test(
    "yields the same logits when it is read again",
    arguments: ["mlp:24,18", "cnn:20,24/2", "resnet:20,32/2+1,40/2+2", "resnet:16+1"])
  func logits(_ architecture: String) throws {
    let problem = try SmallProblem(architecture)
    // Running statistics that are not those of the start.
    for _ in 0..<5 { problem.network.forward(problem.pictures, mode: .training) }
    problem.network.forward(problem.pictures, mode: .inference)
    let expected = problem.network.logits
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/export.onnx"
    let labels = ["cat", "dog", "owl", "car", "tree"]
    try Model(problem.network.model(labels: labels)).write(to: path)
    let network = try Network(contentsOf: path)
    #expect(network.labels == labels)
    let plan = try network.plan(
      inputShape: problem.pictures.shape, readings: [Reading("logits")], threads: 1)
    let logits = plan.forward(problem.pictures)[0]
    let scale = expected.scalars.map(abs).max() ?? 0
    for (a, b) in zip(logits.scalars, expected.scalars) { #expect(abs(a - b) <= 1e-5 * scale) }
  }

  @Test("names layers as a person would")
  func names() throws {
    let problem = try SmallProblem("resnet:16,16/2,24/2+1", shape: [3, 16, 16])
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/export.onnx"
    try Model(problem.network.model(labels: ["a", "b", "c", "d", "e"])).write(to: path)
    let names = try Network(contentsOf: path).layers.map(\.name)
    for name in [
      "stem", "stem.conv", "stem.relu", "stage1", "stage2", "stage2.0", "stage2.1",
      "stage2.1.conv1",
      "stage2.1.relu2", "stage2.1.add", "pool", "fc",
    ] { #expect(names.contains(name), "\(name) is not among \(names)") }
  }
}
