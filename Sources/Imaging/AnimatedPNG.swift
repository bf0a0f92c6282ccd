/// Pictures one after the other in one PNG file, which browsers play (APNG).
///
/// Source: "Animated PNG", part of the PNG specification, third edition, W3C 2025.
public struct AnimatedPNG: Sendable {
  /// How long each picture is shown, in milliseconds.
  public let milliseconds: Int

  private var header: [UInt8] = []
  private var frames: [[UInt8]] = []
  private let size: (width: Int, height: Int)

  /// Creates an animation without pictures.
  ///
  /// - Parameters:
  ///   - width: Of all pictures, in pixels.
  ///   - height: Of all pictures, in pixels.
  ///   - milliseconds: How long each is shown, 1 to 65,535.
  public init(width: Int, height: Int, milliseconds: Int) {
    precondition((1...65_535).contains(milliseconds), "AnimatedPNG: \(milliseconds) ms a picture")
    (size, self.milliseconds) = ((width, height), milliseconds)
  }

  /// How many pictures there are.
  public var count: Int { frames.count }

  /// Adds a picture, compressed at once.
  ///
  /// - Throws: `ImagingError` where it cannot be encoded.
  /// - Precondition: It has the size of the animation, and alpha if the others have.
  public mutating func append(_ picture: Picture) throws {
    precondition(
      (picture.width, picture.height) == size,
      "AnimatedPNG: \(picture.width)×\(picture.height) in one of \(size.width)×\(size.height)")
    let file = try picture.png()
    var data: [UInt8] = []
    for chunk in try PNGChunk.chunks(of: file, named: "the picture") {
      if chunk.type == "IDAT" { data += file[chunk.data] }
      if chunk.type == "IHDR" {
        let header = Array(file[chunk.data])
        precondition(
          self.header.isEmpty || self.header == header, "AnimatedPNG: pictures of two formats")
        self.header = header
      }
    }
    frames.append(data)
  }

  /// The bytes of the file: programs that know no animations show the first picture.
  ///
  /// - Parameter texts: Keyed texts to store, in this order.
  /// - Returns: The content of the file.
  /// - Throws: `ImagingError.badText` if a keyword or a text cannot be stored.
  /// - Precondition: There is at least one picture.
  public func png(texts: [PNGText] = []) throws -> [UInt8] {
    precondition(!frames.isEmpty, "AnimatedPNG: no pictures")
    var file = PNGChunk.signature + PNGChunk.encoded("IHDR", header)
    for text in texts { file += try text.chunk() }
    file += PNGChunk.encoded("acTL", Self.bigEndian(frames.count) + Self.bigEndian(0))
    var sequence = 0
    for (number, data) in frames.enumerated() {
      file += PNGChunk.encoded("fcTL", control(sequence))
      sequence += 1
      if number == 0 {
        file += PNGChunk.encoded("IDAT", data)
      } else {
        file += PNGChunk.encoded("fdAT", Self.bigEndian(sequence) + data)
        sequence += 1
      }
    }
    return file + PNGChunk.encoded("IEND", [])
  }

  /// A picture's place and time: all of the canvas, in thousandths of a second, replacing what was there.
  private func control(_ sequence: Int) -> [UInt8] {
    let numbers = [sequence, size.width, size.height, 0, 0].flatMap(Self.bigEndian)
    let delay = [milliseconds, 1000].flatMap { Self.bigEndian($0).suffix(2) }
    return numbers + delay + [0, 0]
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
