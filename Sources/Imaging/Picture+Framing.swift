import Contracts

extension Picture {
  /// A part of the picture.
  ///
  /// - Precondition: The part is not empty and lies within the picture.
  public func cropped(x: Int, y: Int, width: Int, height: Int) -> Picture {
    precondition(
      x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= self.width
        && y + height <= self.height,
      "cropped: \(width)×\(height) at (\(x), \(y)) of \(self.width)×\(self.height)")
    var part: [UInt8] = []
    part.reserveCapacity(width * height * channels)
    for row in y..<y + height {
      let start = (row * self.width + x) * channels
      part += bytes[start..<start + width * channels]
    }
    return Picture(width: width, height: height, hasAlpha: hasAlpha, bytes: part)
  }

  /// The middle of the picture, scaled to fill a frame: what sticks out is cut off.
  ///
  /// - Parameters:
  ///   - width: The frame's width, in pixels.
  ///   - height: The frame's height, in pixels.
  ///   - resampling: The filter.
  /// - Returns: A picture of the frame's size.
  /// - Precondition: `width` and `height` are at least 1.
  public func covering(
    width: Int, height: Int, by resampling: Resampling = .automatic
  ) -> Picture {
    precondition(width > 0 && height > 0, "covering: to \(width)×\(height) pixels")
    // The largest part with the frame's proportions, rounded to whole pixels.
    let isWider = self.width * height > self.height * width
    let partWidth =
      isWider ? max((self.height * width + height / 2) / height, 1) : self.width
    let partHeight =
      isWider ? self.height : max((self.width * height + width / 2) / width, 1)
    return cropped(
      x: (self.width - partWidth) / 2, y: (self.height - partHeight) / 2,
      width: partWidth, height: partHeight
    ).resized(width: width, height: height, by: resampling)
  }

  /// The middle part of the picture at its own scale, as a classifier's preprocessing takes it.
  ///
  /// - Precondition: The part is not larger than the picture.
  public func centerCropped(width: Int, height: Int) -> Picture {
    cropped(
      x: (self.width - width) / 2, y: (self.height - height) / 2, width: width, height: height)
  }

  /// The picture scaled to lie within a frame as large as it can, its proportions kept.
  ///
  /// - Precondition: `width` and `height` are at least 1.
  public func fitted(
    width: Int, height: Int, by resampling: Resampling = .automatic
  ) -> Picture {
    precondition(width > 0 && height > 0, "fitted: into \(width)×\(height) pixels")
    let isWider = self.width * height > self.height * width
    return resized(
      width: isWider ? width : max((self.width * height + self.height / 2) / self.height, 1),
      height: isWider ? max((self.height * width + self.width / 2) / self.width, 1) : height,
      by: resampling)
  }

  /// The whole picture in the middle of a frame, with bars of a colour where its proportions differ.
  ///
  /// - Parameters:
  ///   - width: The frame's width, in pixels.
  ///   - height: The frame's height, in pixels.
  ///   - background: The bars' colour, also behind transparent pixels.
  ///   - resampling: The filter.
  /// - Returns: A picture of the frame's size, without alpha.
  /// - Precondition: `width` and `height` are at least 1.
  public func letterboxed(
    width: Int, height: Int, background: Color = .black, by resampling: Resampling = .automatic
  ) -> Picture {
    let inside = fitted(width: width, height: height, by: resampling)
    var frame = Picture(width: width, height: height, filledWith: background)
    frame.draw(inside, x: (width - inside.width) / 2, y: (height - inside.height) / 2)
    return frame
  }
}
