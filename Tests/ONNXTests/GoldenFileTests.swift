import Foundation
import ONNX
import TestSupport
import Testing

/// The recorded networks.
enum Golden {
  /// The names of all cases.
  static let cases = Recordings.cases("networks")

  /// A case's model.
  static func model(_ name: String) throws -> Model {
    try Model(contentsOf: Recordings.file("networks/\(name)/model.onnx").path)
  }
}

@Suite("Golden files")
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

  @Test("One network's weights lie beside its file")
  func externalData() throws {
    let outside = try Golden.model("resnet-mini-external-data")
    let weights = outside.graph.initializer.filter { $0.dataLocation == .external }
    #expect(!weights.isEmpty)
    for weight in weights {
      guard case .floats(let values) = try outside.data(of: weight).scalars else { continue }
      // Random weights: not one is 0, and hardly two are the same.
      #expect(values.allSatisfy { $0 != 0 } && Set(values).count * 10 > values.count * 9)
    }
  }

  @Test("Inputs and outputs decode", arguments: Golden.cases)
  func tensorFiles(name: String) throws {
    let folder = Recordings.folder("networks/\(name)/test_data_set_0").path
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let data = try TensorData(contentsOf: "\(folder)/\(file)")
      let count = data.dims.reduce(1, *)
      #expect(try data.floats().count == count)
    }
  }

  @Test("A file hashes as sha256sum hashes it")
  func hash() throws {
    #expect(
      try Golden.model("vgg-mini").sha256()
        == "f5be2ff242d91408b7b61bea1f4368b96983f1cc4f153a327d163ce7b812e900")
  }

  @Test("Writing a model and reading it again changes nothing", arguments: Golden.cases)
  func roundTrip(name: String) throws {
    let model = try Golden.model(name)
    let folder = try TemporaryFolder()
    try model.write(to: "\(folder.path)/copy.onnx")
    #expect(try Model(contentsOf: "\(folder.path)/copy.onnx").proto == model.proto)
  }
}
