import Contracts

extension Picture {
  /// The picture at another size; its proportions may change.
  ///
  /// - Parameters:
  ///   - newWidth: The new number of columns, in pixels.
  ///   - newHeight: The new number of rows, in pixels.
  ///   - resampling: The filter.
  /// - Returns: The resized picture, with alpha if this one has it.
  /// - Precondition: `newWidth` and `newHeight` are at least 1.
  public func resized(
    width newWidth: Int, height newHeight: Int, by resampling: Resampling = .automatic
  ) -> Picture {
    precondition(newWidth > 0 && newHeight > 0, "resized: to \(newWidth)×\(newHeight) pixels")
    guard newWidth != width || newHeight != height else { return self }
    let (channels, stride) = (channels, width * channels)
    let hasAlpha = hasAlpha
    let count = newWidth * newHeight * channels
    let resized = [UInt8](unsafeUninitializedCapacity: count) { pixels, initialized in
      resample(
        width: (width, newWidth), height: (height, newHeight), channels: channels, by: resampling,
        read: { y, row in
          for i in 0..<stride { row[i] = Float(bytes[y * stride + i]) / 255 }
          if hasAlpha { scaleColors(of: row, width: width) { $0 } }
        },
        write: { y, row in
          if hasAlpha { scaleColors(of: row, width: newWidth) { $0 > 0 ? 1 / $0 : 0 } }
          let start = y * newWidth * channels
          for i in row.indices { pixels[start + i] = UInt8(byteOfUnit: row[i]) }
        })
      initialized = count
    }
    return Picture(width: newWidth, height: newHeight, hasAlpha: hasAlpha, bytes: resized)
  }

  /// The picture enlarged a whole number of times, each pixel a square of its colour.
  ///
  /// - Precondition: `factor` is at least 1.
  public func enlarged(_ factor: Int) -> Picture {
    precondition(factor >= 1, "enlarged: \(factor) times")
    return resized(width: width * factor, height: height * factor, by: .nearest)
  }
}

/// Multiplies the colours of RGBA pixels by a factor that depends on their alpha, so that the colour of
/// a transparent pixel does not bleed into its neighbours.
private func scaleColors(
  of row: UnsafeMutableBufferPointer<Float>, width: Int, by factor: (Float) -> Float
) {
  for x in 0..<width {
    let scale = factor(row[x * 4 + 3])
    for channel in 0..<3 { row[x * 4 + channel] *= scale }
  }
}
