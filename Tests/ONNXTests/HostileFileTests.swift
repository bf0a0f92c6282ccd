import Foundation
import ONNX
import TestSupport
import Testing

/// Files that are damaged or made to do damage: an error, or something harmless; never a crash.
@Suite("Hostile files")
struct HostileFileTests {
  /// Reads a file and everything in it that is lazy.
  @discardableResult
  func readAll(_ bytes: Data) throws -> Model {
    let model = try Model(ModelProto(decoding: bytes, of: "bad.onnx"), path: "/nowhere/bad.onnx")
    _ = model.graph.namedOutputs
    _ = model.operatorSetVersion
    for node in model.graph.node {
      _ = try? node.ints("pads")
      _ = try? node.float("alpha")
    }
    for tensor in model.graph.initializer {
      _ = try model.data(of: tensor)
    }
    return model
  }

  @Test("Cut at every byte")
  func truncated() throws {
    let bytes = try smallModel.encoded()
    #expect(try readAll(bytes).graph.node.count == 2)
    let readable = (0..<bytes.count).filter { (try? readAll(bytes.prefix($0))) != nil }
    // Only a cut between two fields after the graph leaves a model: before the operator set, and
    // before and after the one entry of metadata.
    #expect(readable.count <= 3, "\(readable)")
  }

  @Test("Bits flipped, 2,000 times")
  func flipped() throws {
    var random = SeededRandom(state: 7)
    let bytes = try smallModel.encoded()
    var failures = 0
    for _ in 0..<2_000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let i = Int.random(in: 0..<bytes.count, using: &random)
        damaged[i] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      do { try readAll(damaged) } catch { failures += 1 }
    }
    #expect(failures > 500)
  }

  @Test("Other files")
  func others() throws {
    let folder = try TemporaryFolder()
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
    for (name, bytes, words) in [
      ("empty.onnx", [], "no graph"),
      ("cat.png", png, "another format"),
      ("pointer.onnx", Array("version https://git-lfs.github.com/spec/v1".utf8), "git lfs pull"),
    ] {
      let path = try folder.file(name, bytes)
      #expect {
        try Model(contentsOf: path)
      } throws: {
        "\($0)".contains(path) && "\($0)".contains(words)
      }
    }
    for path in ["\(folder.path)/missing.onnx", folder.path] {
      #expect {
        try Model(contentsOf: path)
      } throws: {
        "\($0)".hasPrefix(path)
      }
    }
  }

  @Test("A length of 2 GB in a file of a few bytes")
  func length() {
    // Field 7 (the graph), then the length as a varint.
    let bytes = Data([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07])
    #expect(throws: ONNXError.self) { try readAll(bytes) }
  }

  @Test("Graphs in graphs, 3,000 deep")
  func nested() {
    // graph.node.attribute.g, over and over, from the inside out.
    func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
      var length = content.count
      var bytes = [number << 3 | 2]
      repeat {
        bytes.append(UInt8(length & 0x7F) | (length > 0x7F ? 0x80 : 0))
        length >>= 7
      } while length > 0
      return bytes + content
    }
    var graph: [UInt8] = []
    for _ in 0..<1_000 {
      graph = field(1, field(5, field(6, graph)))
    }
    #expect {
      try readAll(Data(field(7, graph)))
    } throws: {
      "\($0)".contains("nested")
    }
  }

  @Test("Names without end cost no more than their length", .timeLimit(.minutes(1)))
  func names() throws {
    var graph = smallModel.graph
    let deep = (0..<20_000).map { "m\($0)" }
    graph.node[0].name = deep.joined(separator: "/")
    graph.node[0].metadataProps = []
    let scopes = "['" + deep.joined(separator: "', '") + "']"
    graph.node[1].metadataProps = [
      StringStringEntryProto("pkg.torch.onnx.name_scopes", scopes)
    ]
    // Many nodes of one name, and many of none.
    for i in 0..<20_000 {
      graph.node.append(
        NodeProto("Relu", ["output"], ["v\(i)"], name: i % 2 == 0 ? "same/Relu" : "/same/Relu_\(i)")
      )
      graph.node.append(NodeProto("Relu", ["output"], ["\(i)"]))
    }
    let outputs = graph.namedOutputs
    #expect(outputs.count > 30_000)
    #expect(Set(outputs.map(\.name)).count == outputs.count)
  }
}
