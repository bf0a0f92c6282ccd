public import Tensors

extension Picture {
  /// Creates a picture from a tensor of values in 0…1.
  ///
  /// Values are clamped and rounded to the nearest of 256 levels; NaN becomes 0.
  ///
  /// - Parameter tensor: Shape (1, C, H, W), (C, H, W) or (H, W), where C is 1 (grey), 3 (red, green,
  ///   blue) or 4 (with straight alpha).
  /// - Precondition: The shape is one of these, without an empty axis.
  public init(_ tensor: Tensor) {
    let shape = tensor.shape
    let (height, width) = shape.rank >= 2 ? (shape[-2], shape[-1]) : (0, 0)
    let planes = shape.rank >= 3 ? shape[-3] : 1
    precondition(
      (2...4).contains(shape.rank) && (shape.rank < 4 || shape[0] == 1)
        && [1, 3, 4].contains(planes) && width > 0 && height > 0,
      "Picture: a tensor of shape \(shape); it must be 1×C×H×W, C×H×W or H×W with C = 1, 3 or 4")
    self.init(planes: planes, height: height, width: width, of: tensor, from: 0)
  }

  /// The pictures of a batch, in order.
  ///
  /// - Parameter batch: Shape (N, C, H, W) of values in 0…1 with C = 1, 3 or 4.
  /// - Returns: N pictures.
  /// - Precondition: The shape is as above, without an empty axis but for N.
  public static func pictures(of batch: Tensor) -> [Picture] {
    let shape = batch.shape
    precondition(
      shape.rank == 4 && [1, 3, 4].contains(shape[1]) && shape[2] > 0 && shape[3] > 0,
      "Picture: a batch of shape \(shape); it must be N×C×H×W with C = 1, 3 or 4")
    return (0..<shape[0]).map { n in
      Picture(
        planes: shape[1], height: shape[2], width: shape[3], of: batch,
        from: n * shape[1] * shape[2] * shape[3])
    }
  }

  private init(planes: Int, height: Int, width: Int, of tensor: Tensor, from start: Int) {
    let (area, channels) = (height * width, planes == 4 ? 4 : 3)
    let bytes = tensor.withUnsafeBufferPointer { values in
      [UInt8](unsafeUninitializedCapacity: area * channels) { out, count in
        for channel in 0..<channels {
          let plane = start + (planes == 1 ? 0 : channel * area)
          for i in 0..<area {
            out[i * channels + channel] = UInt8(byteOfUnit: values[plane + i])
          }
        }
        count = area * channels
      }
    }
    self.init(width: width, height: height, hasAlpha: planes == 4, bytes: bytes)
  }

  /// The colours as a tensor of shape (1, 3, H, W) in 0…1; alpha is laid over white.
  public var tensor: Tensor { flattened().planes }

  /// The colours and the alpha as a tensor of shape (1, 4, H, W) in 0…1; without alpha, it is 1.
  public var tensorWithAlpha: Tensor { addingAlpha().planes }

  /// The picture with an alpha channel: its own, or an opaque one.
  public func addingAlpha() -> Picture {
    guard !hasAlpha else { return self }
    let pixels = width * height
    let opaque = [UInt8](unsafeUninitializedCapacity: pixels * 4) { out, count in
      for pixel in 0..<pixels {
        for channel in 0..<3 { out[pixel * 4 + channel] = bytes[pixel * 3 + channel] }
        out[pixel * 4 + 3] = 255
      }
      count = pixels * 4
    }
    return Picture(width: width, height: height, hasAlpha: true, bytes: opaque)
  }

  private var planes: Tensor {
    let (area, channels) = (width * height, channels)
    return Tensor([1, channels, height, width]) { out in
      for channel in 0..<channels {
        for i in 0..<area {
          out[channel * area + i] = Float(bytes[i * channels + channel]) / 255
        }
      }
    }
  }
}
