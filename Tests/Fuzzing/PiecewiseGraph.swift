import Foundation
import ONNX

/// A message that is decoded by itself.
protocol Piece {
  init(decoding bytes: Data, of file: String) throws(ONNXError)
  func encoded(for file: String) throws(ONNXError) -> Data
}

extension NodeProto: Piece {}
extension TensorProto: Piece {}
extension ValueInfoProto: Piece {}
extension OperatorSetIdProto: Piece {}
extension GraphProto: Piece {}
extension StringStringEntryProto: Piece {}

extension Piece {
  /// Decodes a message; nil where the bytes are none.
  init?(_ bytes: some Sequence<UInt8>) {
    try? self.init(decoding: Data(bytes), of: "")
  }

  /// The message's bytes; none where it is too large for a message.
  var bytes: [UInt8] { (try? encoded(for: "")).map(Array.init) ?? [] }
}

/// A graph of which only what is looked at is decoded.
struct PiecewiseGraph {
  /// Operations, constants, inputs and outputs, each a message's bytes, in order.
  var nodes, constants, inputs, outputs: [ArraySlice<UInt8>]
  /// Everything else.
  private var rest: WireFields

  /// Takes a graph apart.
  ///
  /// - Returns: nil where the bytes are none.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard let fields = WireFields(bytes) else { return nil }
    nodes = fields.contents(of: 1)
    constants = fields.contents(of: 5)
    inputs = fields.contents(of: 11)
    outputs = fields.contents(of: 12)
    rest = fields
    rest.fields.removeAll { $0.hasLength && [1, 5, 11, 12].contains($0.number) }
  }

  /// The graph's bytes.
  var bytes: [UInt8] {
    var fields = rest
    for (number, pieces) in [(1, nodes), (5, constants), (11, inputs), (12, outputs)] {
      for piece in pieces {
        fields.fields.append(.init(number: number, bytes: piece, hasLength: true))
      }
    }
    return fields.bytes
  }

  /// What nodes yield, and what the graph is given.
  var results: [String] { texts([2], of: nodes) + texts([1], of: inputs) }

  /// Every name that stands for a value.
  var values: [String] {
    texts([1, 2], of: nodes) + texts([1], of: inputs) + texts([8], of: constants)
  }

  private func texts(_ numbers: Set<Int>, of pieces: [ArraySlice<UInt8>]) -> [String] {
    pieces.flatMap { piece in
      (WireFields(piece)?.fields ?? []).filter { $0.hasLength && numbers.contains($0.number) }
        .map { String(decoding: $0.bytes, as: UTF8.self) }
    }
  }
}
