#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A model's file that stays open while the numbers of its tensors are read.
final class ModelFile: Sendable {
  let bytes: FileBytes

  init(_ path: String) throws(ONNXError) { bytes = try FileBytes(path) }
}

/// A model's message without the bytes of its large tensors, which are read when each is decoded.
///
/// Else the whole file, the message made of it and the numbers made of that would be in memory at once.
struct HollowModel {
  /// The message.
  let bytes: Data
  /// Where in the file the bytes of the graph's initializers lie that are left out, by their place among these.
  let places: [Int: Range<Int>]

  /// The fewest bytes of a tensor that are left out.
  private static let least = 1 << 16

  /// - Returns: `nil` where there are none to leave out, or anything is not as exporters write it.
  /// - Throws: `ONNXError.unreadable`.
  init?(_ file: ModelFile) throws(ONNXError) {
    guard file.bytes.count > 16 * Self.least else { return nil }
    var places: [Int: Range<Int>] = [:]
    var reader = FieldReader(file, 0..<file.bytes.count)
    var (before, graph, after) = (Data(), Data?.none, Data())
    while let field = try reader.next() {
      if field.number == 7 {
        guard graph == nil, field.isBytes else { return nil }
        graph = try Self.hollowed(field.contents, of: file, &places)
        if graph == nil { return nil }
      } else {
        let own = try file.bytes.read(field.start..<field.contents.upperBound)
        if graph == nil { before += own } else { after += own }
      }
    }
    guard reader.isAtEnd, let graph, !places.isEmpty else { return nil }
    self.places = places
    bytes = before + Self.head(of: 7, count: graph.count) + graph + after
  }

  /// A graph's bytes without those of large tensors.
  private static func hollowed(
    _ range: Range<Int>, of file: ModelFile, _ places: inout [Int: Range<Int>]
  ) throws(ONNXError) -> Data? {
    var reader = FieldReader(file, range)
    var graph = Data()
    // What is kept as it is, and not yet copied.
    var kept = range.lowerBound..<range.lowerBound
    var count = 0
    while let field = try reader.next() {
      let end = field.contents.upperBound
      if field.number == 5, field.isBytes {
        if field.contents.count >= least,
          let (tensor, place) = try hollowedTensor(field.contents, of: file)
        {
          graph += try file.bytes.read(kept.lowerBound..<field.start)
          graph += head(of: 5, count: tensor.count) + tensor
          kept = end..<end
          places[count] = place
        }
        count += 1
      }
      kept = kept.lowerBound..<end
    }
    guard reader.isAtEnd else { return nil }
    return graph + (try file.bytes.read(kept))
  }

  /// A tensor's bytes without its `raw_data`, and where that lies; `nil` where it is short, or there are several.
  private static func hollowedTensor(
    _ range: Range<Int>, of file: ModelFile
  ) throws(ONNXError) -> (tensor: Data, place: Range<Int>)? {
    var reader = FieldReader(file, range)
    var tensor = Data()
    var place: Range<Int>?
    while let field = try reader.next() {
      if field.number == 9, field.isBytes {
        guard place == nil, field.contents.count >= least else { return nil }
        place = field.contents
      } else {
        tensor += try file.bytes.read(field.start..<field.contents.upperBound)
      }
    }
    guard reader.isAtEnd, let place else { return nil }
    return (tensor, place)
  }

  /// What stands before the contents of a field of bytes.
  private static func head(of field: UInt8, count: Int) -> Data {
    var head = Data([field << 3 | 2])
    var rest = count
    while rest > 127 {
      head.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    head.append(UInt8(rest))
    return head
  }
}

/// The fields of a message in a file, one after the other; their contents are not read.
private struct FieldReader {
  struct Field {
    let number: UInt64
    /// Whether a length stands before the contents.
    let isBytes: Bool
    let start: Int
    let contents: Range<Int>
  }

  private let file: ModelFile
  private let end: Int
  private var place: Int
  /// Some bytes from a place on.
  private var window: (start: Int, bytes: [UInt8]) = (0, [])

  private static let windowSize = 1 << 12

  init(_ file: ModelFile, _ range: Range<Int>) {
    (self.file, place, end) = (file, range.lowerBound, range.upperBound)
  }

  /// Whether all fields have been gone through.
  var isAtEnd: Bool { place == end }

  /// The next field; `nil` at the end, or where there is none.
  mutating func next() throws(ONNXError) -> Field? {
    let start = place
    guard place < end, let tag = try number() else { return nil }
    let length: UInt64?
    switch tag & 7 {
    case 0: length = try number().map { _ in 0 }
    case 1: length = 8
    case 2: length = try number()
    case 5: length = 4
    default: length = nil
    }
    guard let length, length <= UInt64(end - place) else {
      place = start
      return nil
    }
    let contents = place..<place + Int(length)
    place = contents.upperBound
    return Field(number: tag >> 3, isBytes: tag & 7 == 2, start: start, contents: contents)
  }

  private mutating func number() throws(ONNXError) -> UInt64? {
    var (value, shift) = (UInt64(0), UInt64(0))
    while place < end, shift < 63 {
      let byte = try byte()
      place += 1
      value |= UInt64(byte & 127) << shift
      if byte < 128 { return value }
      shift += 7
    }
    return nil
  }

  private mutating func byte() throws(ONNXError) -> UInt8 {
    if !(window.start..<window.start + window.bytes.count).contains(place) {
      window = (place, Array(try file.bytes.read(place..<min(place + Self.windowSize, end))))
    }
    return window.bytes[place - window.start]
  }
}
