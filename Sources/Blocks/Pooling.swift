import CKernels
package import Tensors

/// Which tap won each output of a max pool, a byte each.
package final class Winners {
  /// The most taps of a window that a byte can tell apart.
  package static let mostTaps = 256

  let imageStride: Int
  let blockStride: Int
  let pointer: UnsafeMutablePointer<UInt8>

  package init(_ output: FeatureMap) {
    blockStride = output.height * output.width * 16
    imageStride = blockStride * output.blocks
    pointer = .allocate(capacity: imageStride * output.batch)
  }

  deinit {
    pointer.deallocate()
  }
}

/// Pooling from one map to another, and back.
package struct Pooling {
  let vertical: Window
  let horizontal: Window
  let input: FeatureMap
  let output: FeatureMap

  package init(_ vertical: Window, _ horizontal: Window, input: FeatureMap, output: FeatureMap) {
    self.vertical = vertical
    self.horizontal = horizontal
    self.input = input
    self.output = output
  }

  private func kernel(image: Int, block: Int) -> kernel_pooling {
    kernel_pooling(
      input: input.kernelMap(image: image, block: block),
      output: output.kernelMap(image: image, block: block),
      input_rows: Int32(input.height), input_columns: Int32(input.width),
      output_rows: Int32(output.height), output_columns: Int32(output.width),
      size_y: Int32(vertical.size), size_x: Int32(horizontal.size),
      stride_y: Int32(vertical.stride), stride_x: Int32(horizontal.stride),
      dilation_y: Int32(vertical.dilation), dilation_x: Int32(horizontal.dilation),
      pad_y: Int32(vertical.padBefore), pad_x: Int32(horizontal.padBefore))
  }

  package func maximum(_ winners: Winners?) -> (ThreadPool) -> Void {
    { pool in
      output.forEachBlock(pool) { image, block in
        var kernel = kernel(image: image, block: block)
        kernel_max_pool(
          &kernel,
          winners.map { $0.pointer + image * $0.imageStride + block * $0.blockStride }, 0, 1, 0,
          Int32(output.height))
      }
    }
  }

  package func maximumBackward(_ winners: Winners, to store: Store) -> (ThreadPool) -> Void {
    { pool in
      input.forEachBlock(pool) { image, block in
        var kernel = kernel(image: image, block: block)
        var epilogue = store.epilogue { $0.kernelMap(image: image, block: block) }
        kernel_max_pool_backward(
          &kernel, winners.pointer + image * winners.imageStride + block * winners.blockStride,
          &epilogue, 0, 1, 0, Int32(input.height))
      }
    }
  }

  package func average(_ store: Store, countPadding: Bool) -> (ThreadPool) -> Void {
    let (rows, columns) = scales(countPadding: countPadding)
    return { pool in
      output.forEachBlock(pool) { image, block in
        var kernel = kernel(image: image, block: block)
        var epilogue = store.epilogue { $0.kernelMap(image: image, block: block) }
        kernel_average_pool(
          &kernel, rows.pointer, columns.pointer, &epilogue, 0, 1, 0, Int32(output.height))
      }
    }
  }

  package func averageBackward(_ store: Store, countPadding: Bool) -> (ThreadPool) -> Void {
    let (rows, columns) = scales(countPadding: countPadding)
    return { pool in
      input.forEachBlock(pool) { image, block in
        var kernel = kernel(image: image, block: block)
        var epilogue = store.epilogue { $0.kernelMap(image: image, block: block) }
        kernel_average_pool_backward(
          &kernel, rows.pointer, columns.pointer, &epilogue, 0, 1, 0, Int32(input.height))
      }
    }
  }

  private func scales(countPadding: Bool) -> (rows: FloatBuffer, columns: FloatBuffer) {
    (
      FloatBuffer(
        vertical.reciprocalCounts(
          input: input.height, output: output.height, countPadding: countPadding)),
      FloatBuffer(
        horizontal.reciprocalCounts(
          input: input.width, output: output.width, countPadding: countPadding))
    )
  }
}

extension Window {
  /// One over the positions that each window averages.
  ///
  /// Those within the input, or within the input and its padding. What a window hangs over beyond that never counts.
  package func reciprocalCounts(input: Int, output: Int, countPadding: Bool) -> [Float] {
    (0..<output).map { index in
      let positions = (0..<size).filter { tap in
        let position = index * stride - padBefore + tap * dilation
        return countPadding
          ? position >= -padBefore && position < input + padAfter
          : position >= 0 && position < input
      }
      return 1 / Float(max(positions.count, 1))
    }
  }
}
