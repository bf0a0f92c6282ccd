import CKernels
package import Tensors

extension FeatureMap {
  private var plane: Int { height * width }

  /// Reads the map from N×C×H×W scalars; every lane of every block is written.
  package func read(from tensor: Tensor, adding: Bool = false, pool: ThreadPool) {
    tensor.withUnsafeBufferPointer { scalars in
      guard let planar = scalars.baseAddress else { return }
      forEachBlock(pool) { image, block in
        let count = min(lanes, channels - block * lanes)
        (adding ? kernel_block_add : kernel_block)(
          planar + (image * channels + block * lanes) * plane, plane, width,
          kernelMap(image: image, block: block), Int32(count), Int32(height), Int32(width))
      }
    }
  }

  /// The map as N×C×H×W scalars under the shape given.
  package func tensor(_ shape: Shape, pool: ThreadPool) -> Tensor {
    Tensor(shape) { scalars in
      guard let planar = scalars.baseAddress else { return }
      forEachBlock(pool) { image, block in
        let count = min(lanes, channels - block * lanes)
        kernel_unblock(
          kernelMap(image: image, block: block),
          planar + (image * channels + block * lanes) * plane,
          plane, width, Int32(count), Int32(height), Int32(width))
      }
    }
  }

  /// Calls the closure for every image and block, on all threads.
  package func forEachBlock(_ pool: ThreadPool, _ body: (_ image: Int, _ block: Int) -> Void) {
    let blocks = blocks
    pool.run(batch * blocks) { body($0 / blocks, $0 % blocks) }
  }

  /// Calls the closure for every image and some rows at a time, on all threads.
  package func forEachBand(_ pool: ThreadPool, _ body: (_ image: Int, _ rows: Range<Int>) -> Void) {
    let bands = pool.threads == 1 ? 1 : min(height, 4 * pool.threads)
    pool.run(batch * bands) { part in
      let band = part % bands
      body(part / bands, height * band / bands..<height * (band + 1) / bands)
    }
  }

  /// Copies channels of another map into channels of this one, wherever they begin; the last channel
  /// brings the zeros that fill its block.
  package func copyChannels(
    _ count: Int, from source: FeatureMap, at sourceFirst: Int, to first: Int, adding: Bool
  ) {
    let padding = first + count == channels && !adding ? blocks * 16 - channels : 0
    for image in 0..<batch {
      for channel in 0..<count + padding {
        let (s, t) = (sourceFirst + channel, first + channel)
        let to = kernelMap(image: image, block: t / 16)
        let from = channel < count ? source.kernelMap(image: image, block: s / 16) : to
        guard let a = from.data, let b = to.data else { continue }
        for y in 0..<height {
          let p = a + y * from.row + s % 16
          let q = b + y * to.row + t % 16
          for x in stride(from: 0, to: width * 16, by: 16) {
            q[x] = channel < count ? (adding ? q[x] + p[x] : p[x]) : 0
          }
        }
      }
    }
  }
}
