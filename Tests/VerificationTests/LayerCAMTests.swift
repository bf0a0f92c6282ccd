import Attribution
import Foundation
import Networks
import Objectives
import Tensors
import TestSupport
import Testing
import Verification

/// LayerCAM against pytorch-grad-cam's maps before they are rectified, enlarged and normalized.
@Suite struct LayerCAMTests {
  private struct Case: Decodable {
    struct Entry: Decodable {
      let method: String
      let unit: Int
      let layer: String?
      let raw: String?
      let tolerance: Double?
    }
    let attributions: [Entry]
  }

  @Test(
    "the recorded maps", arguments: ["vgg", "resnet", "inception", "mobilenetv2", "gates", "vit"])
  func recorded(_ name: String) throws {
    let folder = Recordings.folder("attribution/\(name)")
    let network = try Network(contentsOf: folder.appending(path: "model.onnx").path)
    let input = try GoldenCase.tensor(folder.appending(path: "test_data_set_0/input_0.pb"))
    let description = try JSONDecoder().decode(
      Case.self, from: Data(contentsOf: folder.appending(path: "case.json")))
    let entry = try #require(description.attributions.first { $0.method == "cam_layer" })
    let recorded = try GoldenCase.tensor(folder.appending(path: #require(entry.raw)))
    let layer: String = try #require(entry.layer)
    let map = try LayerCAM(layer: layer, rectified: false).attribute(
      input, to: .logit(entry.unit), in: network, feed: .raw)
    let difference = zip(map.scalars, recorded.scalars).map { abs($0 - $1) }.max() ?? .infinity
    let largest = recorded.scalars.map(abs).max() ?? 0
    #expect(map.count == recorded.count && largest > 0)
    let tolerance = try #require(entry.tolerance)
    #expect(Double(difference) <= Double(largest) * tolerance, "\(name)")
  }
}
