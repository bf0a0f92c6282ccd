import Files

/// A keyed text inside a PNG file: what made the picture, with which seed, from which unit.
public struct PNGText: Hashable, Sendable {
  /// What the text is about, such as `Software` or `Seed`: 1 to 79 printable Latin-1 characters without
  /// leading, trailing or doubled spaces.
  public var keyword: String
  /// Any text without the character NUL.
  public var text: String

  /// Creates a keyed text.
  public init(keyword: String, text: String) {
    (self.keyword, self.text) = (keyword, text)
  }

  /// The texts of a PNG file, in the order of the file.
  ///
  /// - Note: Compressed texts (`zTXt`, compressed `iTXt`) are left out.
  /// - Throws: `FileError` if the file cannot be read, `ImagingError` if it is damaged or is no PNG.
  public static func texts(inFileAt path: String) throws -> [PNGText] {
    try texts(in: readFile(at: path), named: path)
  }

  /// The texts of a PNG file that must be as it was written: whole, and nothing behind its end.
  ///
  /// - Throws: As `texts(inFileAt:)`, and `ImagingError.damaged` for what follows the end.
  package static func texts(inFinishedFileAt path: String) throws -> [PNGText] {
    let bytes = try readFile(at: path)
    let last = try PNGChunk.chunks(of: bytes, named: path).last
    guard last.map({ $0.data.upperBound + 4 }) == bytes.count else {
      throw ImagingError.damaged(file: path, format: "PNG", reason: "something follows its end")
    }
    return try texts(in: bytes, named: path)
  }

  /// The texts among the bytes of a PNG file, in the order of the file.
  ///
  /// - Parameters:
  ///   - png: The bytes of the file.
  ///   - file: What an error calls the file.
  /// - Returns: The uncompressed texts.
  /// - Throws: `ImagingError.damaged` if the bytes are no PNG or a damaged one.
  public static func texts(
    in png: [UInt8], named file: String = "the picture"
  ) throws -> [PNGText] {
    try PNGChunk.chunks(of: png, named: file).compactMap { chunk in
      switch chunk.type {
      case "tEXt": PNGText(latin1: png[chunk.data])
      case "iTXt": PNGText(international: png[chunk.data])
      default: nil
      }
    }
  }

  /// The bytes of a PNG file with other texts.
  ///
  /// - Parameters:
  ///   - texts: The texts, which come behind the header.
  ///   - png: The bytes of the file.
  ///   - file: What an error calls the file.
  /// - Returns: What `Picture.png(texts:)` makes of the same picture, if that made the file.
  /// - Throws: `ImagingError` for a damaged file and for a text that no file can hold.
  package static func replaced(
    by texts: [PNGText], in png: [UInt8], named file: String
  ) throws(ImagingError) -> [UInt8] {
    var result = PNGChunk.signature
    for chunk in try PNGChunk.chunks(of: png, named: file) {
      if chunk.type == "tEXt" || chunk.type == "iTXt" { continue }
      result += png[chunk.data.lowerBound - 8..<chunk.data.upperBound + 4]
      if chunk.type == "IHDR" {
        for text in texts { result += try text.chunk() }
      }
    }
    return result
  }

  /// The chunk that stores the text: `tEXt` if Latin-1 can hold it, else `iTXt` in UTF-8.
  func chunk() throws(ImagingError) -> [UInt8] {
    guard let key = Self.latin1(keyword), (1...79).contains(key.count),
      key.allSatisfy({ (0x20...0x7E).contains($0) || $0 >= 0xA1 }),
      key.first != 0x20, key.last != 0x20, !keyword.contains("  ")
    else {
      throw .badText(
        keyword: keyword, reason: "a keyword has 1 to 79 printable Latin-1 characters")
    }
    guard !text.unicodeScalars.contains("\0") else {
      throw .badText(keyword: keyword, reason: "the text contains the character NUL")
    }
    if let text = Self.latin1(text) {
      return PNGChunk.encoded("tEXt", key + [0] + text)
    }
    // After the keyword: not compressed, compression method 0, no language, no translated keyword.
    return PNGChunk.encoded("iTXt", key + [0, 0, 0, 0, 0] + Array(text.utf8))
  }

  private init?(latin1 data: ArraySlice<UInt8>) {
    guard let end = data.firstIndex(of: 0) else { return nil }
    self.init(
      keyword: Self.string(latin1: data[..<end]), text: Self.string(latin1: data[(end + 1)...]))
  }

  private init?(international data: ArraySlice<UInt8>) {
    let parts = data.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    // The compression flag and method, then language and translated keyword, each closed by a NUL.
    guard parts.count == 2, parts[1].count >= 4, parts[1].first == 0 else { return nil }
    let rest = parts[1].dropFirst(2).split(
      separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
    guard rest.count == 3 else { return nil }
    self.init(
      keyword: Self.string(latin1: parts[0]), text: String(decoding: rest[2], as: UTF8.self))
  }

  private static func latin1(_ string: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    for scalar in string.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private static func string(latin1 bytes: ArraySlice<UInt8>) -> String {
    var string = ""
    string.unicodeScalars.append(contentsOf: bytes.map { Unicode.Scalar($0) })
    return string
  }
}
