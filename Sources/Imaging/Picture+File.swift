import Files

extension Picture {
  /// Reads a PNG or JPEG file; the content decides which, not the name.
  ///
  /// Pictures are turned upright as their EXIF orientation asks.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - keepingAlpha: Whether a picture with transparency keeps its alpha; else it is laid over white.
  /// - Throws: `FileError` or `ImagingError`, which name the file, what was wrong and what to do.
  public init(contentsOf path: String, keepingAlpha: Bool = false) throws {
    try self.init(encoded: readFile(at: path), named: path, keepingAlpha: keepingAlpha)
  }

  /// Reads the bytes of a PNG or JPEG file.
  ///
  /// - Parameters:
  ///   - bytes: The bytes of the file.
  ///   - file: What an error calls the file.
  ///   - keepingAlpha: Whether a picture with transparency keeps its alpha; else it is laid over white.
  /// - Throws: `ImagingError`, which names the file, what was wrong and what to do.
  public init(
    encoded bytes: [UInt8], named file: String = "the picture", keepingAlpha: Bool = false
  ) throws {
    switch PictureFormat(of: bytes) {
    case .png: try self.init(png: bytes, named: file, keepingAlpha: keepingAlpha)
    case .jpeg: try self.init(jpeg: bytes, named: file)
    case .other(let name): throw ImagingError.unknownFormat(file: file, looksLike: name)
    }
  }

  /// Writes a PNG file, atomically; missing folders are made.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - texts: Keyed texts to store in it.
  /// - Throws: `FileError.unwritable` with the path and the reason, or `ImagingError.badText`.
  public func write(to path: String, texts: [PNGText] = []) throws {
    try writeAtomically(png(texts: texts), to: path)
  }
}
