import Tensors

extension Tensor {
  /// The magnitudes as parts of the largest; zeros stay zeros.
  var magnitudesOfUnit: Tensor {
    let magnitudes = absolute()
    let largest = magnitudes.maximum
    return largest > 0 ? magnitudes / largest : magnitudes
  }
}
