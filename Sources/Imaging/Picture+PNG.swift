import CPNG
import Memory

extension Picture {
  /// Reads a PNG of any colour type and depth as 8-bit sRGB, turned upright as its eXIf chunk asks.
  ///
  /// Samples of 16 bits count as sRGB-encoded, not as linear light, unless the file says otherwise.
  ///
  /// - Parameters:
  ///   - png: The bytes of the file.
  ///   - file: What an error calls the file.
  ///   - keepingAlpha: Whether a picture with transparency keeps its alpha; else it is laid over white.
  /// - Throws: `ImagingError.damaged` if the bytes are incomplete or fail a checksum;
  ///   `ImagingError.badSize` above `pixelLimit`, before memory is taken.
  public init(
    png: [UInt8], named file: String = "the picture", keepingAlpha: Bool = false
  ) throws {
    let chunks = try PNGChunk.chunks(of: png, named: file)
    let header = chunks[0].data.lowerBound
    let width = Int(PNGChunk.bigEndian(png, at: header))
    let height = Int(PNGChunk.bigEndian(png, at: header + 4))
    try Self.checkSize(width: width, height: height, of: file)

    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    // libpng keeps a pointer into the bytes from the first call to the last.
    let (pixels, hasAlpha) = try png.withUnsafeBytes { memory -> ([UInt8], Bool) in
      guard png_image_begin_read_from_memory(&image, memory.baseAddress, memory.count) != 0 else {
        throw ImagingError.damaged(file: file, format: "PNG", reason: image.reason)
      }
      let hasAlpha = image.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA) != 0
      image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
      image.format = png_uint_32(
        PNG_FORMAT_FLAG_COLOR | (hasAlpha ? PNG_FORMAT_FLAG_ALPHA : 0))
      let stride = width * (hasAlpha ? 4 : 3)
      var pixels = [UInt8](repeating: 0, count: stride * height)
      guard png_image_finish_read(&image, nil, &pixels, png_int_32(stride), nil) != 0 else {
        throw ImagingError.damaged(file: file, format: "PNG", reason: image.reason)
      }
      return (pixels, hasAlpha)
    }
    let picture = Picture(width: width, height: height, hasAlpha: hasAlpha, bytes: pixels)
    self = (keepingAlpha ? picture : picture.flattened())
      .upright(from: ExifOrientation(ofPNG: png, chunks: chunks))
  }

  /// The bytes of a PNG file, the same for the same picture and texts.
  ///
  /// - Parameter texts: Keyed texts to store, in this order.
  /// - Returns: The content of the file.
  /// - Throws: `ImagingError.badText` if a keyword or a text cannot be stored.
  public func png(texts: [PNGText] = []) throws -> [UInt8] {
    var chunks: [UInt8] = []
    for text in texts { chunks += try text.chunk() }
    var file = try encoded()
    let endOfHeader = PNGChunk.signature.count + 25
    file.insert(contentsOf: chunks, at: endOfHeader)
    return file
  }

  private func encoded() throws(ImagingError) -> [UInt8] {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    (image.width, image.height) = (png_uint_32(width), png_uint_32(height))
    image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | (hasAlpha ? PNG_FORMAT_FLAG_ALPHA : 0))
    defer { png_image_free(&image) }
    // Enough for pixels that do not compress: filter bytes, deflate blocks, a chunk every 8 KiB.
    let raw = bytes.count + height
    var count = png_alloc_size_t(raw + raw / 256 + 1024)
    while true {
      let room = count
      var written = false
      let file = [UInt8](unsafeUninitializedCapacity: Int(room)) { out, used in
        written =
          png_image_write_to_memory(
            &image, out.baseAddress, &count, 0, bytes, png_int_32(width * channels), nil) != 0
        used = written ? Int(count) : 0
      }
      if written { return file }
      // Where the room was too small, libpng says how much it needs.
      guard count > room else { throw .encodingFailed(reason: image.reason) }
    }
  }

  static func checkSize(width: Int, height: Int, of file: String) throws {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, pixels <= pixelLimit else {
      throw ImagingError.badSize(file: file, width: width, height: height)
    }
    // With alpha and without, side by side.
    try MemoryLimit.check(bytes: pixels * 7, of: "\(file) with \(width)×\(height) pixels")
  }
}

extension png_image {
  /// libpng's message about the last failure.
  fileprivate var reason: String {
    withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
