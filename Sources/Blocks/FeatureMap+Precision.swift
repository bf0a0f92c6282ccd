import CKernels
package import Tensors

extension FeatureMap {
  /// A map of the same extents for the same values in bfloat16, two channels in the place of a float.
  package func inBfloat16() -> FeatureMap {
    precondition(lanes == 16, "FeatureMap: a picture of \(lanes) lanes in bfloat16")
    return FeatureMap(
      batch: batch, channels: channels, height: height, width: width, lanes: 8,
      channelsPerLane: 2)
  }

  /// Rounds the values of `map` to bfloat16; zeros in the ring.
  package func round(_ map: FeatureMap, pool: ThreadPool) {
    pool.run(batch * blocks) { part in
      let (image, block) = (part / blocks, part % blocks)
      let to = kernelMap(image: image, block: block)
      let from = map.kernelMap(image: image, block: block)
      if ring > 0 { kernel_zero_ring(to, Int32(ring), 1, Int32(height), Int32(width)) }
      for row in 0..<height {
        kernel_to_bfloat16(from.data + row * from.row, to.data + row * to.row, width * map.lanes)
      }
    }
  }
}

extension Convolution {
  /// Whether a map is better computed from factors in bfloat16 than by the way that floats would go.
  ///
  /// - Parameters:
  ///   - source: What is read.
  ///   - target: The map that is computed.
  ///   - back: Whether outputs and inputs change sides.
  /// - Returns: Whether it is.
  package func isForBfloat16(from source: FeatureMap, to target: FeatureMap, back: Bool) -> Bool {
    source.lanes == 16 && !isDepthwise
      && winogradSide(height: target.height, width: target.width, back: back, directSpeed: 2) == nil
  }
}

extension FloatBuffer {
  /// Packed weights, [16 in][16 out] again and again, in bfloat16: [8 pairs in][16 out].
  func inBfloat16() -> FloatBuffer {
    let halves = FloatBuffer(uninitialized: count / 2)
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 64) { memory in
      guard let rounded = memory.bindMemory(to: Float.self).baseAddress else { return }
      for row in 0..<count / 32 {
        kernel_to_bfloat16(pointer + row * 32, rounded, 32)
        let even = UnsafeRawPointer(rounded).load(as: SIMD16<UInt16>.self)
        let odd = UnsafeRawPointer(rounded + 8).load(as: SIMD16<UInt16>.self)
        let pairs =
          SIMD16<UInt32>(truncatingIfNeeded: even)
          | SIMD16<UInt32>(truncatingIfNeeded: odd) &<< 16
        UnsafeMutableRawPointer(halves.pointer + row * 16)
          .storeBytes(of: pairs, as: SIMD16<UInt32>.self)
      }
    }
    return halves
  }
}
