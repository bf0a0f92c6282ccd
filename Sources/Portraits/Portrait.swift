public import Imaging
public import Tensors
public import Visualization

/// Pictures of a subject and what they do to it.
public struct Portrait: Sendable {
  /// The pictures: N×C×H×W in 0…1.
  public let pictures: Tensor
  /// How opaque they are, N×1×H×W in 0…1; nil: wholly.
  public let opacity: Tensor?
  /// The subject's value for the first pictures of the ascent.
  public let before: Float
  /// The subject's value for the last.
  public let after: Float
  /// How sure the network is that they are of that class, on average; nil where the subject is no class.
  public let probability: Float?

  /// The class that the network is surest of, on average; nil where the subject is no class.
  public let first: (index: Int, probability: Float)?
  /// How many steps were made.
  public let steps: Int
  /// What all that is random followed from: of several seeds, the one whose picture was the best.
  public let seed: UInt64
  /// What the pictures were written as, and by which parameters: some give larger pictures too.
  public let origin: (parameterization: any Parameterization, parameters: [Tensor])?

  /// Whether all steps left the subject's value where it was: a picture that shows nothing of it.
  public var isUnmoved: Bool { after == before }

  /// Whether the steps changed the subject's value by less than a hundredth: a picture that shows next to nothing of it.
  public var isHardlyMoved: Bool { abs(after - before) <= 0.01 * max(abs(before), abs(after)) }

  /// Whether there is nothing to be seen: no channel of the pictures spans three of 256 values.
  public var isOneColor: Bool {
    let (count, plane) = (
      pictures.shape[0] * pictures.shape[1], pictures.shape[2] * pictures.shape[3]
    )
    return pictures.withUnsafeBufferPointer { values in
      (0..<count).allSatisfy { channel in
        var (lowest, highest) = (Float.infinity, -Float.infinity)
        for i in channel * plane..<(channel + 1) * plane {
          (lowest, highest) = (min(lowest, values[i]), max(highest, values[i]))
        }
        return highest - lowest < 3.0 / 256
      }
    }
  }

  /// Creates a portrait.
  public init(
    pictures: Tensor, opacity: Tensor? = nil, before: Float, after: Float,
    probability: Float? = nil,
    first: (index: Int, probability: Float)? = nil, steps: Int = 0,
    seed: UInt64 = 0, origin: (parameterization: any Parameterization, parameters: [Tensor])? = nil
  ) {
    (self.pictures, self.opacity, self.before, self.after) = (pictures, opacity, before, after)
    (self.probability, self.first, self.steps, self.seed) = (probability, first, steps, seed)
    self.origin = origin
  }
}

extension Portrait {
  /// Whether it has an opacity, or parameters that say what a larger one looks like.
  var isMoreThanPixels: Bool {
    opacity != nil || origin?.parameterization.enlarged(by: 2) != nil
  }

  /// The pictures side by side, so many times their size: made anew at that size where their parameters say what
  /// larger ones look like, else resized.
  ///
  /// - Parameters:
  ///   - scale: How many times their size.
  ///   - bands: The channels to show as red, green and blue; nil: all.
  /// - Returns: One picture.
  public func picture(scale: Int = 1, bands: [Int]? = nil) -> Picture {
    if scale > 1, opacity == nil, let origin,
      let larger = origin.parameterization.enlarged(by: scale)
    {
      return Picture(sideBySide: larger.picture(origin.parameters), bands: bands)
    }
    return Picture(sideBySide: pictures, opacity: opacity, scale: scale, bands: bands)
  }
}

extension Picture {
  /// Pictures side by side, from the left, each so many times its size; bands that are no colours each as a
  /// grey picture.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W in 0…1.
  ///   - opacity: N×1×H×W in 0…1, for pictures of colours or greys; nil: they are opaque.
  ///   - scale: How many times its size.
  ///   - bands: The channels to show as red, green and blue; nil: all.
  public init(
    sideBySide pictures: Tensor, opacity: Tensor? = nil, scale: Int = 1, bands: [Int]? = nil
  ) {
    var pictures = bands.map { pictures.gathered($0, alongAxis: 1) } ?? pictures
    if ![1, 3].contains(pictures.shape[1]) {
      let shape = pictures.shape
      pictures = pictures.reshaped([shape[0] * shape[1], 1, shape[2], shape[3]])
    }
    if let opacity, opacity.shape[0] == pictures.shape[0] {
      let grey = [Int](repeating: 0, count: 3)
      let colors = pictures.shape[1] == 1 ? pictures.gathered(grey, alongAxis: 1) : pictures
      pictures = .concatenate([colors, opacity], alongAxis: 1)
    }
    let shape = pictures.shape
    let row = pictures.transposed([1, 2, 0, 3])
      .reshaped([1, shape[1], shape[2], shape[0] * shape[3]])
    let picture = Picture(row)
    self = picture.resized(width: picture.width * scale, height: picture.height * scale)
  }
}
