import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file of named tensors: eight bytes of length, a header in JSON, and the numbers without gaps.
///
/// Source: Hugging Face, safetensors, `safetensors/src/tensor.rs`.
struct Safetensors {
  private struct Entry: Decodable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]
  }

  /// What a key may stand for; of `__metadata__` nothing is wanted.
  private enum Value: Decodable {
    case tensor(Entry)
    case other

    init(from decoder: any Decoder) throws {
      let entry = try? Entry(from: decoder)
      self = entry.map { .tensor($0) } ?? .other
    }
  }

  private let file: String
  private let bytes: Data
  private let entries: [String: Entry]
  /// Where the numbers begin.
  private let start: Int

  /// As in the format's own reader.
  private static let longestHeader = 100_000_000

  /// Reads the header.
  ///
  /// - Throws: `DirectionError` for a header that cannot be read, and where what it says of lengths is not so.
  init(file: String, _ bytes: Data) throws(DirectionError) {
    guard bytes.count >= 8 else { throw DirectionError(file: file, reason: "ends too early") }
    let size = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard size <= Self.longestHeader, Int(size) <= bytes.count - 8 else {
      throw DirectionError(
        file: file, reason: "declares a header of \(size) bytes and has \(bytes.count - 8) in all")
    }
    start = 8 + Int(size)
    let values: [String: Value]
    do {
      values = try JSONDecoder().decode(
        [String: Value].self, from: bytes.dropFirst(8).prefix(Int(size)))
    } catch {
      throw DirectionError(file: file, reason: "has a header that cannot be read")
    }
    var entries: [String: Entry] = [:]
    for (name, value) in values where name != "__metadata__" {
      guard case .tensor(let entry) = value else {
        throw DirectionError(
          file: file, reason: "says of its tensor \(name) nothing that can be read")
      }
      entries[name] = entry
    }
    (self.file, self.bytes, self.entries) = (file, bytes, entries)
    try checkPlaces()
  }

  /// Refuses tensors that overlap, leave gaps or lie beyond the end: what lies there is then not what is said.
  private func checkPlaces() throws(DirectionError) {
    var end = 0
    for (name, entry) in entries.sorted(by: {
      ($0.value.data_offsets.first ?? 0, $0.value.data_offsets.last ?? 0, $0.key)
        < ($1.value.data_offsets.first ?? 0, $1.value.data_offsets.last ?? 0, $1.key)
    }) {
      let places = entry.data_offsets
      guard places.count == 2, places[0] == end, places[1] >= end,
        places[1] <= bytes.count - start
      else {
        throw DirectionError(
          file: file,
          reason:
            "says that its tensor \(name) lies at \(places), which is not so: the numbers before it "
            + "end at \(end), all at \(bytes.count - start)")
      }
      end = places[1]
    }
    guard end == bytes.count - start else {
      throw DirectionError(
        file: file,
        reason: "says that its tensors have \(end) bytes, and holds \(bytes.count - start)")
    }
  }

  /// A tensor, or the only one.
  ///
  /// - Throws: `DirectionError` with the names that there are.
  func array(named name: String?) throws(DirectionError) -> StoredArray {
    let names = entries.keys.sorted()
    guard let name = name ?? (names.count == 1 ? names[0] : nil) else {
      throw DirectionError(
        file: file,
        reason: "has \(names.count) tensors; say which, such as \(file):\(names.first ?? "NAME")")
    }
    guard let entry = entries[name] else {
      let near = nearest(to: name, in: names, count: 3)
      throw DirectionError(
        file: file,
        reason:
          "has no tensor \(name); it has \((near.isEmpty ? Array(names.prefix(5)) : near).joined(separator: ", "))"
      )
    }
    guard let type = StoredNumber(safetensors: entry.dtype) else {
      throw DirectionError(
        file: file,
        reason: "has numbers of type \(entry.dtype) in \(name); save it as F32, for example")
    }
    let (first, end) = (entry.data_offsets[0], entry.data_offsets[1])
    return try StoredArray(
      file: file, bytes: bytes, offset: start + first, length: end - first, type: type,
      shape: entry.shape)
  }
}
