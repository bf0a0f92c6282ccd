import Blocks
import CKernels

/// How a batch norm normalizes.
enum NormalizationMode {
  /// By the batch's own mean and variance, which also move the running averages.
  case training
  /// The same, but the running averages stay: for adversarial examples.
  case trainingQuietly
  /// By the running averages.
  case inference

  var usesBatch: Bool { self != .inference }
}

/// Batch norm over the pixels of all images: `u = γ (z − μ) / √(σ² + ε) + β`, and its exact way back.
///
/// Every image's part of a sum is computed by itself and the parts are joined in order, in `Double`, so that
/// nothing depends on the threads.
final class BatchNormStep {
  /// Keeps the root from 0, as in PyTorch.
  static let epsilon: Float = 1e-5
  /// How much of a running average a batch replaces, as in PyTorch.
  static let momentum: Float = 0.1

  /// `u = scale · z + shift`.
  let scale: FloatBuffer
  let shift: FloatBuffer
  /// `∂z = ofGradient · ∂u + ofValue · z + constant`.
  private let ofGradient: FloatBuffer
  private let ofValue: FloatBuffer
  private let constant: FloatBuffer

  private let map: FeatureMap
  private let means: FloatBuffer
  private let deviations: FloatBuffer
  private let parts: (FloatBuffer, FloatBuffer)
  private var lanes: Int { map.blocks * 16 }

  init(_ map: FeatureMap) {
    self.map = map
    let lanes = map.blocks * 16
    func buffer(_ count: Int) -> FloatBuffer { FloatBuffer(count: count) }
    (scale, shift, means, deviations) = (buffer(lanes), buffer(lanes), buffer(lanes), buffer(lanes))
    (ofGradient, ofValue, constant) = (buffer(lanes), buffer(lanes), buffer(lanes))
    parts = (buffer(lanes * map.batch), buffer(lanes * map.batch))
  }

  /// One image's part of the statistics.
  func gather(image: Int) {
    kernel_channel_moments(
      map.kernelMap(image: image), parts.0.pointer + image * lanes, parts.1.pointer + image * lanes,
      Int32(map.blocks), Int32(map.height), Int32(map.width))
  }

  /// Joins the parts of `count` images and prepares `scale` and `shift`.
  func finishForward(
    count: Int, place: Parameters.Place, values: UnsafeMutablePointer<Float>,
    mode: NormalizationMode
  ) {
    let pixels = Double(map.height * map.width)
    for c in 0..<map.channels {
      var mean = Double(values[place.mean.lowerBound + c])
      var variance = Double(values[place.variance.lowerBound + c])
      if mode.usesBatch {
        (mean, variance) = moments(channel: c, count: count, pixels: pixels)
        if mode == .training {
          let samples = pixels * Double(count)
          let unbiased = variance * samples / max(samples - 1, 1)
          values[place.mean.lowerBound + c] +=
            Self.momentum * (Float(mean) - values[place.mean.lowerBound + c])
          values[place.variance.lowerBound + c] +=
            Self.momentum * (Float(unbiased) - values[place.variance.lowerBound + c])
        }
      }
      let inverse = 1 / (variance + Double(Self.epsilon)).squareRoot()
      let scale = Double(values[place.scale.lowerBound + c]) * inverse
      means.pointer[c] = Float(mean)
      deviations.pointer[c] = Float(inverse)
      self.scale.pointer[c] = Float(scale)
      shift.pointer[c] = Float(Double(values[place.shift.lowerBound + c]) - mean * scale)
    }
  }

  private func moments(
    channel: Int, count: Int, pixels: Double
  ) -> (mean: Double, variance: Double) {
    var mean = 0.0
    for image in 0..<count { mean += Double(parts.0.pointer[image * lanes + channel]) }
    mean /= Double(count)
    var squares = 0.0
    for image in 0..<count {
      let distance = Double(parts.0.pointer[image * lanes + channel]) - mean
      squares += Double(parts.1.pointer[image * lanes + channel]) + pixels * distance * distance
    }
    return (mean, squares / (pixels * Double(count)))
  }

  /// `destination = max(scale · z + shift + addend, 0)` for one image.
  func normalize(image: Int, to destination: FeatureMap, addend: FeatureMap?, isRectified: Bool) {
    var epilogue = kernel_epilogue.plain
    if let addend { epilogue.addend = addend.kernelMap(image: image) }
    if isRectified { epilogue.lower = 0 }
    kernel_scale_shift(
      map.kernelMap(image: image), destination.kernelMap(image: image), scale.pointer,
      shift.pointer, &epilogue, Int32(map.blocks), Int32(map.height), Int32(map.width))
  }

  /// One image's part of what the way back needs.
  func gatherBack(image: Int, gradient: FeatureMap) {
    kernel_channel_products(
      gradient.kernelMap(image: image), map.kernelMap(image: image), means.pointer,
      parts.0.pointer + image * lanes, parts.1.pointer + image * lanes, Int32(map.blocks),
      Int32(map.height), Int32(map.width))
  }

  /// Joins the parts of `count` images: the gradients of γ and β, and how the gradient goes on.
  func finishBackward(
    count: Int, place: Parameters.Place, gradients: UnsafeMutablePointer<Float>,
    mode: NormalizationMode
  ) {
    let samples = Double(map.height * map.width * count)
    for c in 0..<map.channels {
      let scale = Double(scale.pointer[c])
      ofGradient.pointer[c] = Float(scale)
      guard mode.usesBatch else {
        (ofValue.pointer[c], constant.pointer[c]) = (0, 0)
        continue
      }
      var (sum, product) = (0.0, 0.0)
      for image in 0..<count {
        sum += Double(parts.0.pointer[image * lanes + c])
        product += Double(parts.1.pointer[image * lanes + c])
      }
      let inverse = Double(deviations.pointer[c])
      gradients[place.scale.lowerBound + c] = Float(product * inverse)
      gradients[place.shift.lowerBound + c] = Float(sum)
      let ofValue = -scale * inverse * inverse * product / samples
      self.ofValue.pointer[c] = Float(ofValue)
      constant.pointer[c] = Float(-scale * sum / samples - ofValue * Double(means.pointer[c]))
    }
  }

  /// Puts the gradient of one image's `z` in the place of `z`.
  func backward(image: Int, gradient: FeatureMap) {
    map.zeroRing(image: image)
    kernel_combine(
      gradient.kernelMap(image: image), map.kernelMap(image: image), map.kernelMap(image: image),
      ofGradient.pointer, ofValue.pointer, constant.pointer, Int32(map.blocks), Int32(map.height),
      Int32(map.width))
  }
}
