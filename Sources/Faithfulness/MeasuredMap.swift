public import Attribution
import Imaging
public import Networks
public import Tensors

/// A method's map of a picture, as it is and as it is looked at.
public struct MeasuredMap {
  /// What is explained.
  public let picture: ExplainedPicture
  /// The method's name and kind.
  public let registered: RegisteredMethod
  /// The method.
  public let method: any AttributionMethod
  /// The map as the method returns it.
  public let map: Tensor
  /// The map as it is shown: one number a pixel, H×W; of a volume one a voxel, D×H×W.
  public let pixels: Tensor

  /// Explains a picture.
  ///
  /// - Parameters:
  ///   - picture: What is explained.
  ///   - registered: The method, with its defaults.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Throws: What the method throws; `FaithfulnessError.undefined` for a map of zeros.
  public init(
    of picture: ExplainedPicture, by registered: RegisteredMethod,
    progress: (Double) -> Void = { _ in }
  ) throws {
    (self.picture, self.registered) = (picture, registered)
    method = try registered.method(
      registered.settled(.init(seed: picture.seed), in: picture.explained, at: picture.picture))
    map = try picture.explained.map(of: picture.picture, by: method, progress: progress)
    pixels = registered.kind.pixels(
      of: map, like: picture.picture, form: picture.explained.network.form)
    guard pixels.norm > 0 else {
      throw FaithfulnessError.undefined("its map is zero everywhere")
    }
  }

  /// The method's map of something else, as it is shown; of layers that suit that where a person names none.
  func pixels(of picture: Tensor, _ explained: Explained) throws -> Tensor {
    let method = try registered.method(
      registered.settled(.init(seed: self.picture.seed), in: explained, at: picture))
    return registered.kind.pixels(
      of: try explained.map(of: picture, by: method), like: picture, form: explained.network.form)
  }

  /// The map with a number for each of the picture's: the method's own, or what a pixel has shared out over its
  /// channels.
  var elements: Tensor {
    if map.shape == picture.picture.shape { return map }
    let places = picture.explained.places(of: picture.picture)
    let planes = (pixels / Float(places.channels)).reshaped(places.shape(of: pixels))
    return picture.explained.overBands(planes, like: picture.picture) { $0 }
      .broadcast(to: picture.picture.shape)
  }
}

extension RegisteredMethod.Kind {
  /// A map as it is shown: channels added up where signs say something, else the largest magnitude; brought
  /// to the picture's size.
  ///
  /// - Parameters:
  ///   - map: 1×C×h×w; of a volume's layer 1×d×h×w, of a volume 1×(C·D)×H×W.
  ///   - picture: 1×C×H×W; of a volume 1×(C·D)×H×W.
  ///   - form: What the network takes.
  /// - Returns: H×W; of a volume D×H×W.
  public func pixels(of map: Tensor, like picture: Tensor, form: InputForm) -> Tensor {
    var planes = planes(of: map, form)
    if case .volume(let volume) = form { planes = planes.enlarged(depth: volume.depth) }
    return planes.resized(width: picture.shape[3], height: picture.shape[2], by: .bilinear)
  }
}
