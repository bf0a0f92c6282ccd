import Contracts

extension Tensor {
  /// The orthonormal Fourier transform of real pictures; the half of the spectrum that determines them.
  ///
  /// `F[u, v] = (HW)^(−1/2) Σ x[y, x] e^(−2πi (uy/H + vx/W))` for `v ≤ W/2`, as PyTorch's `rfft2` with
  /// `norm="ortho"`.
  ///
  /// - Parameters:
  ///   - interiorWeight: A factor for the columns that stand for two, 0 < v < W/2.
  ///   - scale: A factor for each number of a spectrum, (H, W/2 + 1, 2); nil: 1.
  /// - Returns: Shape (…, H, W/2 + 1, 2), real and imaginary part last, for a tensor of shape (…, H, W).
  public func rfft2(interiorWeight: Float = 1, scale: Tensor? = nil) -> Tensor {
    precondition(shape.rank >= 2, "rfft2: shape \(shape)")
    let plane = FourierPlane(
      height: shape[-2], width: shape[-1], interiorWeight: interiorWeight, scale: scale)
    let result = Shape(shape.dimensions.dropLast() + [plane.columns, 2])
    let planes = shape.dimensions.dropLast(2).reduce(1, *)
    return Tensor(result) { out in
      withUnsafeBufferPointer { x in
        guard let out = out.baseAddress, let x = x.baseAddress else { return }
        plane.forEachGroup(of: planes) { first, scratch in
          plane.rowsForward(x + first * plane.height * plane.width, scratch)
          plane.columnsForward(scratch, out + first * plane.height * plane.columns * 2)
        }
      }
    }
  }

  /// Real pictures from the half of their orthonormal spectrum, as PyTorch's `irfft2`, `norm="ortho"`.
  ///
  /// What no real picture has, the imaginary part that the column transform leaves in the columns 0
  /// and W/2, is ignored.
  ///
  /// - Parameters:
  ///   - width: The width of the result, W: two widths share a number of columns.
  ///   - interiorWeight: A factor for the columns that stand for two, 0 < v < W/2.
  ///   - scale: A factor for each number of a spectrum, (H, W/2 + 1, 2); nil: 1.
  /// - Returns: Shape (…, H, W) for a tensor of shape (…, H, W/2 + 1, 2).
  public func irfft2(width: Int, interiorWeight: Float = 1, scale: Tensor? = nil) -> Tensor {
    precondition(
      shape.rank >= 3 && shape[-1] == 2 && shape[-2] == width / 2 + 1,
      "irfft2: spectrum of shape \(shape) for pictures \(width) wide")
    let plane = FourierPlane(
      height: shape[-3], width: width, interiorWeight: interiorWeight, scale: scale)
    let result = Shape(shape.dimensions.dropLast(2) + [width])
    let planes = shape.dimensions.dropLast(3).reduce(1, *)
    return Tensor(result) { out in
      withUnsafeBufferPointer { x in
        guard let out = out.baseAddress, let x = x.baseAddress else { return }
        plane.forEachGroup(of: planes) { first, scratch in
          plane.columnsInverse(x + first * plane.height * plane.columns * 2, scratch)
          plane.rowsInverse(scratch, out + first * plane.height * plane.width)
        }
      }
    }
  }
}
