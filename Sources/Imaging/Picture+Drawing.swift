extension Picture {
  /// Lays another picture over this one; what sticks out is cut off.
  ///
  /// - Parameters:
  ///   - picture: The other picture; where it has alpha, this one shines through.
  ///   - x: The column of its left edge, in pixels.
  ///   - y: The row of its top edge, in pixels.
  public mutating func draw(_ picture: Picture, x: Int, y: Int) {
    for row in max(0, -y)..<max(min(picture.height, height - y), max(0, -y)) {
      for column in max(0, -x)..<max(min(picture.width, width - x), max(0, -x)) {
        let from = (row * picture.width + column) * picture.channels
        let to = ((y + row) * width + x + column) * channels
        let alpha = picture.hasAlpha ? Int(picture.bytes[from + 3]) : 255
        for channel in 0..<3 {
          let sum =
            Int(picture.bytes[from + channel]) * alpha + Int(bytes[to + channel]) * (255 - alpha)
          bytes[to + channel] = UInt8((sum + 127) / 255)
        }
        if hasAlpha { bytes[to + 3] = max(bytes[to + 3], UInt8(alpha)) }
      }
    }
  }

  /// Fills a rectangle with a colour; what sticks out is cut off.
  ///
  /// - Parameters:
  ///   - color: The colour.
  ///   - x: The left edge, in pixels.
  ///   - y: The top edge, in pixels.
  ///   - width: The width, in pixels.
  ///   - height: The height, in pixels.
  public mutating func fill(_ color: Color, x: Int, y: Int, width: Int, height: Int) {
    let columns = max(x, 0)..<max(min(x + width, self.width), max(x, 0))
    for row in max(y, 0)..<max(min(y + height, self.height), max(y, 0)) {
      for column in columns { self[x: column, y: row] = color }
    }
  }

  /// The picture without alpha, every pixel a share of the way to white.
  ///
  /// - Parameter share: From 0 (this picture) to 1 (white).
  /// - Returns: A picture of the same size.
  public func faded(by share: Float) -> Picture {
    let paper = flattened()
    let bytes = paper.bytes.map { UInt8(byteOfUnit: (Float($0) + (255 - Float($0)) * share) / 255) }
    return Picture(width: width, height: height, bytes: bytes)
  }
}
