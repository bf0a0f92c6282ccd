#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import Tensors

extension Tensor {
  /// The picture blurred as RISE's insertion begins: by 11×11 pixels, with zeros outside.
  ///
  /// The kernel is what SciPy's `gaussian_filter` with σ = 5 makes of a single 1 in 11×11 zeros. Its border
  /// reflects and folds the tails back in, so it is no truncated Gaussian.
  ///
  /// - Parameters:
  ///   - nothing: What stands for zero, of this shape; it stands outside the picture as well.
  ///   - places: Those of a volume, which is blurred through its slices as well; nil: a picture.
  /// - Returns: The same shape, 1×C×H×W.
  func riseBlurred(nothing: Tensor, _ places: Places? = nil) -> Tensor {
    let kernel = Self.riseKernel
    var difference = (self - nothing)
      .convolved(by: kernel, alongAxis: 3).convolved(by: kernel, alongAxis: 2)
    if let places, places.slices > 1 {
      let (slices, axis) = places.apart(difference)
      difference = slices.convolved(by: kernel, alongAxis: axis).reshaped(shape)
    }
    return nothing + difference
  }

  /// The kernel along one axis.
  static let riseKernel: [Double] = {
    let (side, radius, deviation) = (11, 20, 5.0)
    let gaussian = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }
    let sum = gaussian.reduce(0, +)
    return (0..<side).map { place in
      var weight = 0.0
      for offset in -radius...radius {
        // d c b a | a b c d | d c b a
        let turn = ((place + offset) % (2 * side) + 2 * side) % (2 * side)
        let source = turn < side ? turn : 2 * side - 1 - turn
        if source == side / 2 { weight += gaussian[offset + radius] / sum }
      }
      return weight
    }
  }()

  /// The sum over neighbours along one axis with weights that are the same from both ends, zeros outside.
  private func convolved(by kernel: [Double], alongAxis axis: Int) -> Tensor {
    let (extent, stride) = (shape[axis], shape.strides[axis])
    let radius = kernel.count / 2
    return Tensor(shape) { out in
      withUnsafeBufferPointer { x in
        for i in x.indices {
          let place = i / stride % extent
          var sum = 0.0
          for offset in max(-radius, -place)...min(radius, extent - 1 - place) {
            sum += kernel[offset + radius] * Double(x[i + offset * stride])
          }
          out[i] = Float(sum)
        }
      }
    }
  }
}
