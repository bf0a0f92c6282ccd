import Foundation
import ONNX
import TestSupport
import Testing

/// A large graph's nodes are decoded by two threads: it must not be seen.
@Suite("Models decoded in halves")
struct SplitModelTests {
  /// A chain of 12,000 nodes, with all that a model and a graph have before and behind them.
  static let chain: ModelProto = {
    var model = smallModel
    let node = model.graph.node[0]
    model.graph.node = (0..<12_000).map { number in
      var copy = node
      copy.name = "node \(number)"
      copy.output = ["value \(number)"]
      return copy
    }
    model.graph.docString = "behind the nodes"
    return model
  }()

  @Test("The same message as in one piece")
  func whole() throws {
    let bytes = try Self.chain.encoded()
    #expect(try ModelProto(decodingFile: bytes, of: "a.onnx") == Self.chain)
    // A part of other bytes, and a graph whose fields come in another order.
    let padded = Data([1, 2, 3]) + bytes
    #expect(try ModelProto(decodingFile: padded.dropFirst(3), of: "a.onnx") == Self.chain)
    let mixed = try Self.chain.encoded() + Self.chain.encoded()
    #expect(
      try ModelProto(decodingFile: mixed, of: "a.onnx") == ModelProto(decoding: mixed, of: "a.onnx")
    )
  }

  @Test("Damaged: the same error, or the same message", arguments: 0..<4)
  func damaged(seed: Int) throws {
    var random = SeededRandom(state: UInt64(seed))
    var bytes = try Self.chain.encoded()
    let place = Int(random.next() % UInt64(bytes.count))
    if seed % 2 == 0 {
      bytes = bytes.prefix(place)
    } else {
      bytes[place] ^= 1 << (random.next() % 8)
    }
    let expected = Result { try ModelProto(decoding: bytes, of: "a.onnx") }
    let decoded = Result { try ModelProto(decodingFile: bytes, of: "a.onnx") }
    switch (expected, decoded) {
    case (.success(let expected), .success(let decoded)): #expect(expected == decoded)
    case (.failure(let expected), .failure(let decoded)):
      #expect("\(expected)" == "\(decoded)")
    default: Issue.record("\(expected) and \(decoded)")
    }
  }
}
