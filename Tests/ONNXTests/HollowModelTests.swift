import Foundation
import TestSupport
import Testing

@testable import ONNX

/// Large tensors are read from the file when they are decoded: it must not be seen.
@Suite("Models without their large tensors")
struct HollowModelTests {
  /// The small model with tensors of 1 MB and of a few bytes, in both kinds of fields, and one whose bytes are halves.
  private static let large: ModelProto = {
    var model = smallModel
    let numbers = (0..<300_000).map { Float($0) / 7 }
    var half = TensorProto()
    half.name = "halves"
    half.dims = [100_000]
    half.dataType = Int32(TensorProto.DataType.float16.rawValue)
    half.rawData = Data((0..<200_000).map { UInt8($0 % 60) })
    var typed = TensorProto()
    typed.name = "typed"
    typed.dims = [40_000]
    typed.dataType = Int32(TensorProto.DataType.float.rawValue)
    typed.floatData = numbers.suffix(40_000)
    model.graph.initializer += [
      TensorProto(TensorData(dims: [300, 1000], floats: numbers, name: "large")), half, typed,
      TensorProto(TensorData(dims: [2], floats: [1, 2], name: "last")),
    ]
    return model
  }()

  private func check(_ bytes: Data) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.onnx", bytes)
    let (whole, read) = (
      try Model(ModelProto(decoding: bytes, of: path), path: path), try Model(contentsOf: path)
    )
    #expect(read.graph.initializer.map(\.name) == whole.graph.initializer.map(\.name))
    #expect(read.graph.node == whole.graph.node && read.metadata == whole.metadata)
    #expect(read.graph.output == whole.graph.output && read.operatorSets == whole.operatorSets)
    let copy = "\(folder.path)/copy.onnx"
    try read.write(to: copy)
    let written = try Model(ModelProto(decoding: .init(readingFile: copy), of: copy))
    for place in whole.graph.initializer.indices {
      let expected = try whole.data(of: whole.graph.initializer[place])
      #expect(try read.data(ofInitializer: place) == expected)
      #expect(try written.data(of: written.graph.initializer[place]) == expected)
    }
  }

  @Test("The same numbers, whatever the order of the fields")
  func same() throws {
    try check(try Self.large.encoded())
    // A field that is not known, and the graph's fields behind its tensors.
    var late = GraphProto()
    late.initializer = Self.large.graph.initializer
    var rest = Self.large
    rest.graph.initializer = []
    var graph = try late.encoded()
    graph += try rest.graph.encoded()
    var model = Data([0xF8, 0x07, 5, 0x3A])
    var count = graph.count
    while count > 127 {
      model.append(UInt8(count & 127) | 128)
      count >>= 7
    }
    model.append(UInt8(count))
    rest.clearGraph()
    try check(model + graph + (try rest.encoded()))
  }

  @Test("The bytes of large tensors alone are left out")
  func hollow() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.large.encoded()
    let path = try folder.file("a.onnx", bytes)
    let hollow = try #require(try HollowModel(ModelFile(path)))
    #expect(hollow.places.keys.sorted() == [1, 2])
    #expect(hollow.places[1]?.count == 1_200_000 && hollow.places[2]?.count == 200_000)
    #expect(hollow.bytes.count < bytes.count - 1_399_000)
    // Two graphs that are merged, and what is small, are left as they are.
    #expect(try HollowModel(ModelFile(folder.file("b.onnx", bytes + bytes))) == nil)
    #expect(try HollowModel(ModelFile(folder.file("c.onnx", smallModel.encoded()))) == nil)
  }

  @Test("Damaged: the same error, or the same numbers", arguments: 0..<24)
  func damaged(seed: Int) throws {
    var random = SeededRandom(state: UInt64(seed))
    var bytes = try Self.large.encoded()
    if seed % 3 == 0 {
      bytes = bytes.prefix(Int(random.next() % UInt64(bytes.count)))
    } else {
      // In what stands before and behind the large tensors.
      let place = Int(random.next() % 600)
      bytes[seed % 3 == 1 ? place : bytes.count - 1 - place] ^= 1 << (random.next() % 8)
    }
    let folder = try TemporaryFolder()
    let file = try folder.file("a.onnx", bytes)
    func numbers(_ model: Model, _ read: (Int) throws -> TensorData) -> [String] {
      model.graph.initializer.indices.map { place in
        "\(Result { try read(place) }.map { "\($0.dims) \($0.name) \($0.count)" })"
      }
    }
    let expected = Result { try Model(ModelProto(decoding: bytes, of: file), path: file) }
    let decoded = Result { try Model(contentsOf: file) }
    switch (expected, decoded) {
    case (.success(let expected), .success(let decoded)):
      #expect(
        numbers(decoded) { try decoded.data(ofInitializer: $0) }
          == numbers(expected) { try expected.data(of: expected.graph.initializer[$0]) })
    case (.failure(let expected), .failure(let decoded)):
      #expect("\(expected)" == "\(decoded)")
    default: Issue.record("\(expected) and \(decoded)")
    }
  }
}
