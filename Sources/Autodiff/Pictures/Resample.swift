public import Tensors

extension Variable {
  /// Samples pictures bilinearly at the points that a map names.
  ///
  /// VJP: the exact adjoint, `spread(_:height:width:surroundings:)`.
  ///
  /// - Parameters:
  ///   - map: From pixels of the result to points of this picture.
  ///   - height: The result's height in pixels.
  ///   - width: The result's width in pixels.
  ///   - surroundings: What the bilinear window sees outside the picture.
  /// - Returns: Shape (…, height, width) for pictures of shape (…, H, W).
  public func resampled(
    _ map: AffineMap, height: Int, width: Int, surroundings: Surroundings = .constant(0)
  ) -> Variable {
    let source = (height: shape[-2], width: shape[-1])
    let value = value.resampled(map, height: height, width: width, surroundings: surroundings)
    return Variable(value, operation: "resample", inputs: [self]) { g in
      [g.spread(map, height: source.height, width: source.width, surroundings: surroundings)]
    }
  }

  /// The adjoint of `resampled(_:height:width:surroundings:)`.
  ///
  /// VJP: the sampling, with 0 in place of a constant.
  ///
  /// - Parameters:
  ///   - map: The map of the sampling.
  ///   - height: The height of the pictures that were sampled.
  ///   - width: Their width.
  ///   - surroundings: Those of the sampling; a constant does not count.
  /// - Returns: Shape (…, height, width) for cotangents of shape (…, H, W).
  public func spread(
    _ map: AffineMap, height: Int, width: Int, surroundings: Surroundings = .constant(0)
  ) -> Variable {
    let source = (height: shape[-2], width: shape[-1])
    let linear = surroundings == .edge ? Surroundings.edge : .constant(0)
    let value = value.spread(map, height: height, width: width, surroundings: linear)
    return Variable(value, operation: "spread", inputs: [self]) { g in
      [g.resampled(map, height: source.height, width: source.width, surroundings: linear)]
    }
  }

  /// Pictures of another size, sampled bilinearly, the edge repeated.
  ///
  /// The same as PyTorch's `interpolate(mode="bilinear", align_corners=False)`: without a low-pass
  /// filter, so that a picture reduced by more than half skips pixels.
  public func resized(height: Int, width: Int) -> Variable {
    if height == shape[-2] && width == shape[-1] { return self }
    let map = AffineMap.resize(from: (shape[-2], shape[-1]), to: (height, width))
    return resampled(map, height: height, width: width, surroundings: .edge)
  }
}
