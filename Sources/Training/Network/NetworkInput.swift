import Blocks
import CKernels
import Tensors

/// The way into a trainable network: pictures in 0…1, planar, are normalized and laid out for the first
/// layer; gradients come out the same way.
final class NetworkInput {
  /// Channels, height, width.
  let shape: Shape
  /// What the first layer reads.
  let map: FeatureMap
  /// What its way back writes.
  let gradientMap: FeatureMap
  /// The network reads `scale[c] · x + shift[c]`.
  let scale: [Float]
  let shift: [Float]
  private let isFlat: Bool
  private var plane: Int { shape[1] * shape[2] }

  /// - Parameters:
  ///   - shape: Channels, height, width of a picture.
  ///   - batch: The most pictures at a time.
  ///   - moments: Mean and standard deviation of the channels.
  ///   - isFlat: Whether the first layer is fully connected and reads a picture as a vector.
  init(shape: Shape, batch: Int, moments: ChannelMoments, isFlat: Bool) {
    self.shape = shape
    self.isFlat = isFlat
    let channels = shape[0]
    func each(_ values: [Float], _ other: Float) -> [Float] {
      (0..<channels).map { $0 < values.count ? values[$0] : values.last ?? other }
    }
    let deviation = each(moments.standardDeviation, 1)
    scale = deviation.map { 1 / $0 }
    shift = zip(each(moments.mean, 0), deviation).map { -$0 / $1 }
    if isFlat {
      map = FeatureMap(batch: batch, channels: shape.count, height: 1, width: 1)
      gradientMap = FeatureMap(batch: batch, channels: shape.count, height: 1, width: 1)
    } else {
      map = FeatureMap(
        batch: batch, channels: channels, height: shape[1], width: shape[2],
        lanes: min(channels, 16))
      gradientMap = FeatureMap(
        batch: batch, channels: channels, height: shape[1], width: shape[2])
    }
  }

  /// Feeds one picture.
  func feed(_ picture: UnsafePointer<Float>, image: Int) {
    let to = map.kernelMap(image: image)
    let (channels, height, width) = (Int32(shape[0]), Int32(shape[1]), Int32(shape[2]))
    if isFlat {
      guard let flat = to.data else { return }
      for c in 0..<shape[0] {
        for i in c * plane..<(c + 1) * plane { flat[i] = scale[c] * picture[i] + shift[c] }
      }
    } else {
      kernel_interleave(
        picture, plane, shape[2], to.data, to.row, channels, (0..<channels).map { $0 }, scale,
        shift, height, width)
    }
  }

  /// Hands out the gradient of one picture.
  func takeGradient(_ gradient: UnsafeMutablePointer<Float>, image: Int) {
    let from = gradientMap.kernelMap(image: image)
    let (channels, height, width) = (Int32(shape[0]), Int32(shape[1]), Int32(shape[2]))
    if isFlat {
      guard let flat = from.data else { return }
      for c in 0..<shape[0] {
        for i in c * plane..<(c + 1) * plane { gradient[i] = scale[c] * flat[i] }
      }
    } else {
      kernel_unblock(from, gradient, plane, shape[2], channels, height, width)
      for c in 0..<shape[0] {
        for i in c * plane..<(c + 1) * plane { gradient[i] *= scale[c] }
      }
    }
  }
}
