public import Tensors

extension Tensor {
  /// Every plane at another size; values are not clamped.
  ///
  /// - Parameters:
  ///   - width: The new extent of the last axis, in pixels.
  ///   - height: The new extent of the last axis but one, in pixels.
  ///   - resampling: The filter.
  /// - Returns: The shape of this tensor (…, H, W) with the last two extents replaced.
  /// - Precondition: The rank is at least 2 and no extent of the planes is 0, before or after.
  public func resized(
    width: Int, height: Int, by resampling: Resampling = .automatic
  ) -> Tensor {
    precondition(
      shape.rank >= 2 && shape[-1] > 0 && shape[-2] > 0 && width > 0 && height > 0,
      "resized: \(shape) to \(height)×\(width) pixels")
    let (oldHeight, oldWidth) = (shape[-2], shape[-1])
    guard oldWidth != width || oldHeight != height else { return self }
    var newShape = shape
    (newShape[-2], newShape[-1]) = (height, width)
    return Tensor(newShape) { out in
      withUnsafeBufferPointer { values in
        for plane in 0..<shape.dimensions.dropLast(2).reduce(1, *) {
          resample(
            width: (oldWidth, width), height: (oldHeight, height), channels: 1, by: resampling,
            read: { y, row in
              let start = (plane * oldHeight + y) * oldWidth
              _ = row.update(fromContentsOf: values[start..<start + oldWidth])
            },
            write: { y, row in
              let start = (plane * height + y) * width
              _ = out[start..<start + width].update(fromContentsOf: UnsafeBufferPointer(row))
            })
        }
      }
    }
  }
}
