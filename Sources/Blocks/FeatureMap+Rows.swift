import CKernels
package import Tensors

extension FeatureMap {
  /// Reads a map of one image, one pixel high, from rows of channels; the lanes without a channel become 0.
  ///
  /// - Parameters:
  ///   - rows: As many scalars as the map has: one row a column of the map.
  ///   - adding: Whether they are added to what the map holds.
  ///   - pool: Who shares the work.
  package func read(rows: Tensor, adding: Bool, pool: ThreadPool) {
    rows.withUnsafeBufferPointer { rows in
      guard let first = rows.baseAddress else { return }
      forEachBlock(pool) { _, block in
        guard let data = kernelMap(image: 0, block: block).data else { return }
        let count = min(16, channels - block * 16)
        for row in 0..<width {
          let (from, to) = (first + row * channels + block * 16, data + row * 16)
          if count == 16, !adding {
            for lane in 0..<16 { to[lane] = from[lane] }
          } else if count == 16 {
            for lane in 0..<16 { to[lane] += from[lane] }
          } else {
            for lane in 0..<count { to[lane] = adding ? to[lane] + from[lane] : from[lane] }
            if !adding { for lane in count..<16 { to[lane] = 0 } }
          }
        }
      }
    }
  }

  /// A map of one image, one pixel high, as rows of channels.
  ///
  /// - Parameters:
  ///   - shape: Any shape of as many scalars.
  ///   - pool: Who shares the work.
  /// - Returns: The shape given.
  package func rows(_ shape: Shape, pool: ThreadPool) -> Tensor {
    Tensor(shape) { rows in
      guard let first = rows.baseAddress else { return }
      forEachBlock(pool) { _, block in
        guard let data = kernelMap(image: 0, block: block).data else { return }
        let count = min(16, channels - block * 16)
        for row in 0..<width {
          let (from, to) = (data + row * 16, first + row * channels + block * 16)
          if count == 16 {
            for lane in 0..<16 { to[lane] = from[lane] }
          } else {
            for lane in 0..<count { to[lane] = from[lane] }
          }
        }
      }
    }
  }
}
