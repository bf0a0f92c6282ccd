/// How a camera held the picture: which of the eight turns and flips makes it upright.
///
/// Source: Exif 2.32, tag 0x0112; the raw values are the file's.
enum ExifOrientation: Int {
  case upright = 1
  case mirrored, upsideDown, flipped, transposed, turnedLeft, transversed, turnedRight

  /// Whether the upright picture has the stored picture's width for its height.
  var swapsAxes: Bool { rawValue >= 5 }

  /// The orientation that a JPEG's EXIF segment tells; upright if it tells none.
  init(ofJPEG bytes: [UInt8]) {
    let value = Self.exifSegment(of: bytes).flatMap(Self.orientation(inTIFF:)) ?? 1
    self = ExifOrientation(rawValue: value) ?? .upright
  }

  /// The orientation that a PNG's eXIf chunk tells; upright if there is none.
  init(ofPNG bytes: [UInt8], chunks: [PNGChunk]) {
    let exif = chunks.first { $0.type == "eXIf" }.map { bytes[$0.data] }
    let value = exif.flatMap(Self.orientation(inTIFF:)) ?? 1
    self = ExifOrientation(rawValue: value) ?? .upright
  }

  /// The TIFF structure within the first EXIF segment before the image data.
  private static func exifSegment(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      if marker == 0xFF {
        position += 1
        continue
      }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard marker != 0xDA, length >= 2, end <= bytes.count else { return nil }
      let data = bytes[position + 4..<end]
      if marker == 0xE1, data.starts(with: "Exif\0\0".utf8) { return data.dropFirst(6) }
      position = end
    }
    return nil
  }

  private static func orientation(inTIFF tiff: ArraySlice<UInt8>) -> Int? {
    let isBigEndian = tiff.starts(with: "MM".utf8)
    guard isBigEndian || tiff.starts(with: "II".utf8) else { return nil }
    func number(at offset: Int, bytes count: Int) -> Int? {
      guard offset >= 0, offset + count <= tiff.count else { return nil }
      let start = tiff.startIndex + offset
      let field = tiff[start..<start + count]
      let ordered = isBigEndian ? Array(field) : field.reversed()
      return ordered.reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(at: 4, bytes: 4), let entries = number(at: directory, bytes: 2)
    else { return nil }
    for entry in 0..<entries {
      let offset = directory + 2 + entry * 12
      guard let tag = number(at: offset, bytes: 2) else { return nil }
      if tag == 0x0112 { return number(at: offset + 8, bytes: 2) }
    }
    return nil
  }
}

extension Picture {
  /// The picture turned and flipped as its orientation asks.
  func upright(from orientation: ExifOrientation) -> Picture {
    guard orientation != .upright else { return self }
    let (newWidth, newHeight) = orientation.swapsAxes ? (height, width) : (width, height)
    let channels = channels
    let turned = [UInt8](unsafeUninitializedCapacity: bytes.count) { out, count in
      for y in 0..<newHeight {
        for x in 0..<newWidth {
          let (fromX, fromY) =
            switch orientation {
            case .upright: (x, y)
            case .mirrored: (width - 1 - x, y)
            case .upsideDown: (width - 1 - x, height - 1 - y)
            case .flipped: (x, height - 1 - y)
            case .transposed: (y, x)
            case .turnedLeft: (y, height - 1 - x)
            case .transversed: (width - 1 - y, height - 1 - x)
            case .turnedRight: (width - 1 - y, x)
            }
          let (from, to) = ((fromY * width + fromX) * channels, (y * newWidth + x) * channels)
          for channel in 0..<channels { out[to + channel] = bytes[from + channel] }
        }
      }
      count = bytes.count
    }
    return Picture(width: newWidth, height: newHeight, hasAlpha: hasAlpha, bytes: turned)
  }
}
