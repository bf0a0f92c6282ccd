/// One chunk of a PNG file: where its data lies among the file's bytes.
struct PNGChunk: Equatable {
  /// The four letters, such as `IHDR`.
  let type: String
  /// The data's place in the file, without length, type and checksum.
  let data: Range<Int>

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// All chunks up to `IEND`, their checksums verified; what follows `IEND` is ignored.
  ///
  /// - Throws: `ImagingError.damaged` if a chunk is cut off, fails its checksum or stands in a place
  ///   where it may not.
  static func chunks(of bytes: [UInt8], named file: String) throws(ImagingError) -> [PNGChunk] {
    guard bytes.starts(with: signature) else {
      throw .damaged(file: file, format: "PNG", reason: "the signature is wrong")
    }
    var chunks: [PNGChunk] = []
    var position = signature.count
    while chunks.last?.type != "IEND" {
      guard position + 12 <= bytes.count else {
        throw .damaged(file: file, format: "PNG", reason: "it ends after \(bytes.count) bytes")
      }
      let length = Int(bigEndian(bytes, at: position))
      let data = position + 8..<position + 8 + length
      guard data.upperBound + 4 <= bytes.count else {
        throw .damaged(file: file, format: "PNG", reason: "it ends within a chunk")
      }
      guard crc32(bytes[position + 4..<data.upperBound]) == bigEndian(bytes, at: data.upperBound)
      else {
        throw .damaged(
          file: file, format: "PNG", reason: "the chunk at byte \(position) fails its checksum")
      }
      let type = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      chunks.append(PNGChunk(type: type, data: data))
      position = data.upperBound + 4
    }
    guard chunks[0].type == "IHDR", chunks[0].data.count == 13 else {
      throw .damaged(file: file, format: "PNG", reason: "the header chunk is missing")
    }
    return chunks
  }

  /// The bytes of a chunk: length, type, data, checksum.
  static func encoded(_ type: StaticString, _ data: [UInt8]) -> [UInt8] {
    let body = type.withUTF8Buffer(Array.init) + data
    return bigEndian(UInt32(data.count)) + body + bigEndian(crc32(body[...]))
  }

  static func bigEndian(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
