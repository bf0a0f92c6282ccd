import Imaging
public import Tensors

/// A change of a picture in 0…1 that should leave what is explained alone, and how maps are moved back.
public struct SmallChange: Sendable {
  /// What it is called.
  public let name: String
  /// From a picture, 1×C×H×W, to one of the same shape.
  public let change: @Sendable (Tensor) throws -> Tensor
  /// How pixels change their places; `nil` where they stay.
  public let motion: Motion?

  /// How pixels change their places, of a picture or a map of any number of planes.
  public struct Motion: Sendable {
    /// There.
    public let there: @Sendable (Tensor) -> Tensor
    /// And back.
    public let back: @Sendable (Tensor) -> Tensor

    /// Creates a motion.
    ///
    /// - Parameters:
    ///   - there: There: the same shape, 0 where nothing comes from the picture.
    ///   - back: And back, likewise.
    public init(
      there: @escaping @Sendable (Tensor) -> Tensor, back: @escaping @Sendable (Tensor) -> Tensor
    ) {
      (self.there, self.back) = (there, back)
    }
  }

  /// Creates a change that leaves pixels in their places.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - change: From a picture, 1×C×H×W, to one of the same shape.
  public init(_ name: String, change: @escaping @Sendable (Tensor) throws -> Tensor) {
    (self.name, self.change, motion) = (name, change, nil)
  }

  /// Creates a change of places.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - motion: How pixels change their places.
  public init(_ name: String, motion: Motion) {
    (self.name, change, self.motion) = (name, motion.there, motion)
  }

  /// Those of the Feature Attribution Stability Suite.
  ///
  /// Turned by 15°, moved by 20 pixels of 224, half as bright again, noise of 0.15, JPEG of quality 40. What a
  /// turn or a move brings in is black.
  ///
  /// Source: FASS, arXiv 2604.02532, CVPR 2026, with pictures of 224 pixels.
  ///
  /// - Parameters:
  ///   - side: The picture's shorter side, in pixels; the move grows with it.
  ///   - seed: What the noise follows from.
  /// - Returns: Five changes.
  public static func all(side: Int = 224, seed: UInt64 = 0) -> [SmallChange] {
    [
      .rotation(degrees: 15), .shift(pixels: max(1, (20 * Double(side) / 224).rounded())),
      .brightness(1.5), .noise(0.15, seed: seed), .jpeg(quality: 40),
    ]
  }

  /// The picture turned about its centre.
  public static func rotation(degrees: Double) -> SmallChange {
    SmallChange(
      "rotation",
      motion: Motion {
        $0.turned(by: degrees)
      } back: {
        $0.turned(by: -degrees)
      })
  }

  /// The picture moved to the right and down.
  public static func shift(pixels: Double) -> SmallChange {
    SmallChange(
      "shift",
      motion: Motion {
        $0.moved(by: pixels)
      } back: {
        $0.moved(by: -pixels)
      })
  }

  /// Every number times a factor, at most 1.
  public static func brightness(_ factor: Float) -> SmallChange {
    SmallChange("brightness", change: { $0.map { min(max(factor * $0, 0), 1) } })
  }

  /// Normal noise added, within 0…1.
  ///
  /// - Parameters:
  ///   - deviation: Its standard deviation.
  ///   - seed: What it follows from.
  /// - Returns: The change.
  public static func noise(_ deviation: Float, seed: UInt64 = 0) -> SmallChange {
    SmallChange(
      "noise",
      change: { picture in
        var random = SplitMix64(seed: seed)
        let noise = Tensor.normal(picture.shape, standardDeviation: deviation, using: &random)
        return (picture + noise).map { min(max($0, 0), 1) }
      })
  }

  /// The picture as it comes back from a JPEG file, its colours at half the resolution.
  ///
  /// - Parameter quality: 1…100.
  /// - Returns: The change; it throws `ImagingError` where no JPEG can be made.
  public static func jpeg(quality: Int) -> SmallChange {
    SmallChange(
      "JPEG",
      change: { picture in
        let decoded = try Picture(jpeg: Picture(picture).jpeg(quality: quality)).tensor
        return picture.shape[1] == 1 ? decoded.gathered([0], alongAxis: 1) : decoded
      })
  }
}

extension Tensor {
  fileprivate func turned(by degrees: Double) -> Tensor {
    let size = (height: shape[-2], width: shape[-1])
    return resampled(
      .about(centreOf: size, and: size, degrees: degrees), height: size.height, width: size.width)
  }

  fileprivate func moved(by pixels: Double) -> Tensor {
    resampled(.translation(x: -pixels, y: -pixels), height: shape[-2], width: shape[-1])
  }
}
