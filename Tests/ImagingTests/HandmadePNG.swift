@testable import Imaging

/// A PNG put together byte by byte from its specification, without libpng: stored deflate blocks and no
/// filter, so that what it shows is known.
struct HandmadePNG {
  var width: Int
  var height: Int
  var bitDepth: UInt8
  var colorType: UInt8
  /// The packed samples of each row, without filter bytes.
  var rows: [[UInt8]]
  var isInterlaced = false
  /// Whole chunks between header and data.
  var chunks: [UInt8] = []

  var bytes: [UInt8] {
    let header =
      word(width) + word(height) + [bitDepth, colorType, 0, 0, isInterlaced ? 1 : 0]
    return PNGChunk.signature + PNGChunk.encoded("IHDR", header) + chunks
      + PNGChunk.encoded("IDAT", zlib(rows.flatMap { [0] + $0 })) + PNGChunk.encoded("IEND", [])
  }

  private func word(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// One stored block (RFC 1951, 3.2.4) in a zlib stream (RFC 1950).
  private func zlib(_ data: [UInt8]) -> [UInt8] {
    let (low, high) = (UInt8(data.count & 255), UInt8(data.count >> 8))
    var (a, b) = (1, 0)
    for byte in data {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    return [0x78, 0x01, 0x01, low, high, ~low, ~high] + data + word(b << 16 | a)
  }
}
