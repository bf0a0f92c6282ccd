package import CKernels

/// What happens to a result before it is stored in a map: the plan's side of `kernel_epilogue`.
package struct Store {
  package let map: FeatureMap
  /// Whether the result joins what the map holds.
  package var accumulate = false
  package var addend: FeatureMap?
  /// What is applied to the result then, one that keeps zero.
  package var activation: Activation?
  /// Where the activation's derivatives go.
  package var slopes: FeatureMap?
  package var clamp: Clamp?
  /// Keeps the result where the map named lies strictly within the range, and 0 elsewhere.
  package var mask: (map: FeatureMap, range: Clamp)?
  /// What the result is multiplied by in the end.
  package var factor: FeatureMap?

  package init(_ map: FeatureMap, clamp: Clamp? = nil) {
    self.map = map
    self.clamp = clamp
  }

  /// The maps that the store reads or writes.
  package var uses: [FeatureMap] { [map, addend, slopes, mask?.map, factor].compactMap { $0 } }

  /// The epilogue of the pixels that `view` picks from a map.
  package func epilogue(
    bias: UnsafePointer<Float>? = nil, view: (FeatureMap) -> kernel_map
  ) -> kernel_epilogue {
    kernel_epilogue(
      bias: bias,
      accumulate: accumulate ? 1 : 0,
      addend: addend.map(view) ?? .none,
      activation: activation?.kernel ?? kernel_activation(),
      slopes: slopes.map(view) ?? .none,
      lower: clamp?.lower ?? -.infinity,
      upper: clamp?.upper ?? .infinity,
      mask: (mask?.map).map(view) ?? .none,
      mask_lower: mask?.range.lower ?? 0,
      mask_upper: mask?.range.upper ?? 0,
      factor: factor.map(view) ?? .none)
  }

  /// The epilogue of whole images.
  package func epilogue(image: Int, bias: UnsafePointer<Float>? = nil) -> kernel_epilogue {
    epilogue(bias: bias) { $0.kernelMap(image: image) }
  }
}
