import Foundation
import ONNX
import Testing

@Suite("Golden files", .enabled(if: Golden.isPresent))
struct GoldenFileTests {
  @Test("Every tensor decodes to what its dimensions say", arguments: Golden.cases)
  func tensors(name: String) throws {
    let model = try Golden.model(name)
    #expect(!model.graph.node.isEmpty)
    #expect(model.producer.hasPrefix("pytorch 2."))
    #expect(model.operatorSetVersion >= 12)
    #expect(model.inputs.map(\.name) == ["input"])
    for tensor in model.graph.initializer {
      let data = try model.data(of: tensor)
      let count = data.dims.reduce(1, *)
      #expect(data.count == count, "\(tensor.name)")
      if case .floats(let values) = data.scalars {
        let isFinite = values.allSatisfy(\.isFinite)
        #expect(isFinite, "\(tensor.name)")
      }
    }
  }

  @Test("External data are the same weights")
  func externalData() throws {
    let inside = try Golden.model("resnet-mini")
    let outside = try Golden.model("resnet-mini-external-data")
    #expect(outside.graph.initializer.contains { $0.dataLocation == .external })
    for (name, tensor) in outside.initializers where inside.initializers[name] != nil {
      let other = try #require(inside.initializers[name])
      let (a, b) = try (outside.data(of: tensor), inside.data(of: other))
      #expect(a.dims == b.dims, "\(name)")
    }
  }

  @Test("Inputs and outputs decode", arguments: Golden.cases)
  func tensorFiles(name: String) throws {
    let folder = try Golden.file("golden/\(name)/test_data_set_0")
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let data = try TensorData(contentsOf: "\(folder)/\(file)")
      let count = data.dims.reduce(1, *)
      #expect(try data.floats().count == count)
    }
  }

  @Test("A file hashes as sha256sum hashes it")
  func hash() throws {
    let model = try Model(contentsOf: Golden.file("models/googlenet-imagenet.onnx"))
    #expect(
      try model.sha256() == "8bc438b4b53bcd523ad88fea5e951a78b555ed13e72f5485561244cad64f8d3a")
    #expect(model.metadata["input.mean"] == "104,117,123")
  }

  @Test("Writing a model and reading it again changes nothing", arguments: Golden.cases)
  func roundTrip(name: String) throws {
    let model = try Golden.model(name)
    let folder = try TemporaryFolder()
    try model.write(to: "\(folder.path)/copy.onnx")
    #expect(try Model(contentsOf: "\(folder.path)/copy.onnx").proto == model.proto)
  }
}
