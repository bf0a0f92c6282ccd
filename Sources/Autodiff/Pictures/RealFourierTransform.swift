public import Tensors

extension Variable {
  /// Real pictures from the half of their orthonormal spectrum, as PyTorch's `irfft2`, `norm="ortho"`.
  ///
  /// VJP: `g ↦ rfft2 g`, with the columns that stand for two, 0 < v < W/2, counted twice, and the same scale.
  ///
  /// - Parameters:
  ///   - width: The width of the result, W.
  ///   - interiorWeight: A factor for the columns that stand for two.
  ///   - scale: A factor for each number of a spectrum, (H, W/2 + 1, 2); nil: 1.
  /// - Returns: Shape (…, H, W) for a spectrum of shape (…, H, W/2 + 1, 2), real and imaginary part last.
  public func irfft2(width: Int, interiorWeight: Float = 1, scale: Tensor? = nil) -> Variable {
    Variable(
      value.irfft2(width: width, interiorWeight: interiorWeight, scale: scale),
      operation: "irfft2", inputs: [self]
    ) { g in [g.rfft2(interiorWeight: 2 * interiorWeight, scale: scale)] }
  }

  /// The half of the orthonormal spectrum of real pictures, as PyTorch's `rfft2`, `norm="ortho"`.
  ///
  /// VJP: `g ↦ irfft2 g`, with the columns that stand for two counted half, and the same scale.
  ///
  /// - Parameters:
  ///   - interiorWeight: A factor for the columns that stand for two.
  ///   - scale: A factor for each number of a spectrum, (H, W/2 + 1, 2); nil: 1.
  /// - Returns: Shape (…, H, W/2 + 1, 2) for pictures of shape (…, H, W).
  public func rfft2(interiorWeight: Float = 1, scale: Tensor? = nil) -> Variable {
    let width = shape[-1]
    return Variable(
      value.rfft2(interiorWeight: interiorWeight, scale: scale), operation: "rfft2",
      inputs: [self]
    ) { g in [g.irfft2(width: width, interiorWeight: interiorWeight / 2, scale: scale)] }
  }
}
