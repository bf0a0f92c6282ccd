public import Imaging
public import Tensors

/// Pictures of a subject and what they do to it.
public struct Portrait: Sendable {
  /// The pictures: N×C×H×W in 0…1.
  public let pictures: Tensor
  /// The subject's value for the first pictures of the ascent.
  public let before: Float
  /// The subject's value for the last.
  public let after: Float
  /// How sure the network is that they are of that class, on average; nil where the subject is no class.
  public let probability: Float?

  /// Whether all steps left the subject's value where it was: a picture that shows nothing of it.
  public var isUnmoved: Bool { after == before }

  /// Creates a portrait.
  public init(pictures: Tensor, before: Float, after: Float, probability: Float? = nil) {
    (self.pictures, self.before, self.after) = (pictures, before, after)
    self.probability = probability
  }
}

extension Picture {
  /// Pictures side by side, from the left, each so many times its size; bands that are no colours each as a
  /// grey picture.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W in 0…1.
  ///   - scale: How many times its size.
  ///   - bands: The channels to show as red, green and blue; nil: all.
  public init(sideBySide pictures: Tensor, scale: Int = 1, bands: [Int]? = nil) {
    var pictures = bands.map { pictures.gathered($0, alongAxis: 1) } ?? pictures
    if ![1, 3].contains(pictures.shape[1]) {
      let shape = pictures.shape
      pictures = pictures.reshaped([shape[0] * shape[1], 1, shape[2], shape[3]])
    }
    let shape = pictures.shape
    let row = pictures.transposed([1, 2, 0, 3])
      .reshaped([1, shape[1], shape[2], shape[0] * shape[3]])
    let picture = Picture(row)
    self = picture.resized(width: picture.width * scale, height: picture.height * scale)
  }
}
