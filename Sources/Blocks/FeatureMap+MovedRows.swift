import CKernels
package import Tensors

extension FeatureMap {
  /// What reads pixels of another map of as many channels.
  ///
  /// - Parameters:
  ///   - source: The other map.
  ///   - rows: For each pixel, image by image and row by row, which of the other's it is.
  /// - Returns: It, once both maps have their places.
  package func gather(_ source: FeatureMap, rows: [Int32]) -> (ThreadPool) -> Void {
    moves(rows, from: source) { from, to in to.pointee = from.pointee }
  }

  /// What gives pixels back to those of another map that they were read from.
  ///
  /// - Parameters:
  ///   - target: The other map.
  ///   - rows: For each pixel which of the other's it was.
  ///   - adding: Whether they are added to what is there.
  /// - Returns: It, once both maps have their places.
  package func scatter(
    to target: FeatureMap, rows: [Int32], adding: Bool
  ) -> (ThreadPool) -> Void {
    let count = target.batch * target.height * target.width
    if !adding, rows.count == count, Set(rows).count == count {
      return moves(rows, from: target) { other, own in other.pointee = own.pointee }
    }
    let add = moves(rows, from: target) { other, own in other.pointee += own.pointee }
    return { pool in
      if !adding { target.clear() }
      add(pool)
    }
  }

  /// What calls the closure for all blocks of all pixels, with where the other map's lie, those of one block in order.
  private func moves(
    _ rows: [Int32], from other: FeatureMap,
    _ body:
      @escaping (UnsafeMutablePointer<SIMD16<Float>>, UnsafeMutablePointer<SIMD16<Float>>) ->
      Void
  ) -> (ThreadPool) -> Void {
    let places = rows.enumerated().map { (other.offset(of: Int($1)), offset(of: $0)) }
    return { pool in
      pool.run(self.blocks) { block in
        guard let own = self.kernelMap(image: 0, block: block).data,
          let theirs = other.kernelMap(image: 0, block: block).data
        else { return }
        for (from, to) in places {
          (theirs + from).withMemoryRebound(to: SIMD16<Float>.self, capacity: 1) { from in
            (own + to).withMemoryRebound(to: SIMD16<Float>.self, capacity: 1) { body(from, $0) }
          }
        }
      }
    }
  }

  /// Floats from the first pixel of a block to another, counted image by image and row by row.
  private func offset(of pixel: Int) -> Int {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
    let (image, own) = row.quotientAndRemainder(dividingBy: height)
    return image * imageStride + own * rowStride + column * lanes
  }
}
