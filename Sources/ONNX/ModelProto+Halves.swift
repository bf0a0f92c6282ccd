import Files
import SwiftProtobuf

#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

extension ModelProto {
  /// Decodes a file; the nodes of a large graph by two threads.
  package init(decodingFile bytes: Data, of file: String) throws(ONNXError) {
    guard let split = SplitModel(bytes) else {
      try self.init(decoding: bytes, of: file)
      return
    }
    do {
      let later = Meanwhile { try GraphProto(serializedBytes: bytes[split.laterNodes]) }
      var graph = try GraphProto(serializedBytes: bytes[split.firstNodes])
      try self.init(serializedBytes: bytes[split.before])
      try merge(serializedBytes: bytes[split.after])
      graph.node += try later.value().node
      try graph.merge(serializedBytes: bytes[split.rest])
      self.graph = graph
    } catch {
      // Whatever it is, the whole says it in its own words.
      try self.init(decoding: bytes, of: file)
    }
  }
}

/// Where the parts of a model's bytes lie whose one graph has its many nodes in a row: a message's fields may be
/// decoded in pieces that are joined.
struct SplitModel {
  /// What stands before the graph, and behind it.
  let before, after: Range<Int>
  /// The graph up to the middle of its nodes.
  let firstNodes: Range<Int>
  /// The other nodes, and nothing else.
  let laterNodes: Range<Int>
  /// What the graph has behind its nodes.
  let rest: Range<Int>

  /// The most fields of a graph that places are kept for: 128 MB of them.
  private static let mostFields = 4_000_000

  /// - Returns: `nil` where there are too few nodes for it to pay, or anything is not as exporters write it.
  init?(_ bytes: Data, atLeast count: Int = 10_000) {
    guard let fields = bytes.withUnsafeBytes({ Self.fields($0, in: 0..<$0.count, most: 1000) }),
      fields.count(where: { $0.number == 7 }) == 1,
      let graph = fields.first(where: { $0.number == 7 }),
      graph.contents.count >= 4 * count,
      let parts = bytes.withUnsafeBytes({
        Self.fields($0, in: graph.contents, most: Self.mostFields)
      }),
      let first = parts.firstIndex(where: { $0.number == 1 }),
      let last = parts.lastIndex(where: { $0.number == 1 }), last - first + 1 >= count,
      parts[first...last].allSatisfy({ $0.number == 1 })
    else { return nil }
    let start = bytes.startIndex
    func range(_ low: Int, _ high: Int) -> Range<Int> { start + low..<start + high }
    let middle = parts[(first + last) / 2].start
    before = range(0, graph.start)
    firstNodes = range(graph.contents.lowerBound, middle)
    laterNodes = range(middle, parts[last].contents.upperBound)
    rest = range(parts[last].contents.upperBound, graph.contents.upperBound)
    after = range(graph.contents.upperBound, bytes.count)
  }

  private struct Field {
    let number: UInt64
    let start: Int
    let contents: Range<Int>
  }

  /// The fields of a message; `nil` where they do not fill the range, or are too many.
  private static func fields(
    _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, most: Int
  ) -> [Field]? {
    var fields: [Field] = []
    var place = range.lowerBound
    func number() -> UInt64? {
      var (value, shift) = (UInt64(0), UInt64(0))
      while place < range.upperBound, shift < 63 {
        let byte = bytes[place]
        place += 1
        value |= UInt64(byte & 127) << shift
        if byte < 128 { return value }
        shift += 7
      }
      return nil
    }
    while place < range.upperBound {
      let start = place
      guard fields.count < most, let tag = number() else { return nil }
      let length: UInt64?
      switch tag & 7 {
      case 0: length = number().map { _ in 0 }
      case 1: length = 8
      case 2: length = number()
      case 5: length = 4
      default: length = nil
      }
      guard let length, length <= UInt64(range.upperBound - place) else { return nil }
      fields.append(Field(number: tag >> 3, start: start, contents: place..<place + Int(length)))
      place += Int(length)
    }
    return fields
  }
}
