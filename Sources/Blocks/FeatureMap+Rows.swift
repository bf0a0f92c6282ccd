import CKernels
package import Tensors

extension FeatureMap {
  /// Reads a map from rows of channels, one a pixel of all images; the lanes without a channel become 0.
  ///
  /// - Parameters:
  ///   - rows: As many scalars as the map has, [image][row][column][channel].
  ///   - adding: Whether they are added to what the map holds.
  ///   - pool: Who shares the work.
  package func read(rows: Tensor, adding: Bool, pool: ThreadPool) {
    rows.withUnsafeBufferPointer { rows in
      guard let first = rows.baseAddress else { return }
      forEachLine(pool) { data, place, count in
        for column in 0..<width {
          let (from, to) = (first + place + column * channels, data + column * 16)
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

  /// A map as rows of channels, one a pixel of all images.
  ///
  /// - Parameters:
  ///   - shape: Any shape of as many scalars.
  ///   - pool: Who shares the work.
  /// - Returns: The shape given.
  package func rows(_ shape: Shape, pool: ThreadPool) -> Tensor {
    Tensor(shape) { rows in
      guard let first = rows.baseAddress else { return }
      forEachLine(pool) { data, place, count in
        for column in 0..<width {
          let (from, to) = (data + column * 16, first + place + column * channels)
          if count == 16 {
            for lane in 0..<16 { to[lane] = from[lane] }
          } else {
            for lane in 0..<count { to[lane] = from[lane] }
          }
        }
      }
    }
  }

  /// Calls the closure for every row of every block: where it begins, the place of its first scalar among rows of
  /// channels, and how many channels the block has.
  private func forEachLine(
    _ pool: ThreadPool, _ body: (UnsafeMutablePointer<Float>, _ place: Int, _ count: Int) -> Void
  ) {
    forEachBlock(pool) { image, block in
      let map = kernelMap(image: image, block: block)
      guard let data = map.data else { return }
      for row in 0..<height {
        body(
          data + row * map.row, (image * height + row) * width * channels + block * 16,
          min(16, channels - block * 16))
      }
    }
  }
}
