import CKernels
package import Tensors

/// Each pixel's channels brought to mean 0 and variance 1, and from there to a scale and a shift of their own.
package struct LayerNormalization {
  private let scale, shift: [Float]
  private let epsilon: Float

  /// - Parameters:
  ///   - scale: One a channel.
  ///   - shift: One a channel.
  ///   - epsilon: What is added to the variance.
  package init(scale: [Float], shift: [Float], epsilon: Float) {
    (self.scale, self.shift, self.epsilon) = (scale, shift, epsilon)
  }

  /// What computes it, or with a gradient of what it makes, that of what it reads.
  package func stage(
    _ source: FeatureMap, gradient: FeatureMap? = nil, to store: Store
  ) -> (ThreadPool) -> Void {
    let lanes = source.blocks * 16
    let (scale, shift) = (
      FloatBuffer(scale, paddedTo: lanes), FloatBuffer(shift, paddedTo: lanes)
    )
    let kernel = kernel_layer_norm(
      channels: Int32(source.channels), scale: scale.pointer, shift: shift.pointer,
      epsilon: epsilon)
    return { [owned = (scale, shift)] pool in
      _ = owned
      source.forEachTile(pool) { image, rows, columns in
        var epilogue = store.epilogue(image: image)
        let (x, to) = (source.kernelMap(image: image), store.map.kernelMap(image: image))
        let (top, bottom) = (Int32(rows.lowerBound), Int32(rows.upperBound))
        let (left, right) = (Int32(columns.lowerBound), Int32(columns.upperBound))
        withUnsafePointer(to: kernel) { kernel in
          if let gradient {
            kernel_layer_norm_backward(
              kernel, x, gradient.kernelMap(image: image), to, &epilogue, top, bottom, left, right)
          } else {
            kernel_layer_norm_forward(kernel, x, to, &epilogue, top, bottom, left, right)
          }
        }
      }
    }
  }
}

extension FeatureMap {
  /// Calls the closure for every image and some pixels at a time, on all threads: rows, or where these are few, parts of
  /// each.
  fileprivate func forEachTile(
    _ pool: ThreadPool, _ body: (_ image: Int, _ rows: Range<Int>, _ columns: Range<Int>) -> Void
  ) {
    let wanted = pool.threads == 1 ? 1 : 4 * pool.threads
    let bands = min(height, wanted)
    let pieces = min(max(1, width / 8), (wanted + bands - 1) / bands)
    pool.run(batch * bands * pieces) { part in
      let (band, piece) = (part / pieces % bands, part % pieces)
      body(
        part / (pieces * bands), height * band / bands..<height * (band + 1) / bands,
        width * piece / pieces..<width * (piece + 1) / pieces)
    }
  }
}
