import CKernels
package import Tensors

/// The way back from a convolution to a picture of a few channels, pixel by pixel side by side.
///
/// A picture's 3 channels would leave 13 of 16 lanes idle, so all taps of all channels are the outputs of one
/// matrix product, and each of its results is added where its tap reads the picture (col2im).
package struct PictureGradient {
  let convolution: Convolution
  private var channels: Int { convolution.inputChannels }

  package init(_ convolution: Convolution) {
    self.convolution = convolution
  }

  /// Floats that one output pixel sends back.
  private var lanes: Int {
    (convolution.vertical.size * convolution.horizontal.size * channels + 15) / 16 * 16
  }

  /// Whether the products of a row of a picture so wide are few enough to be kept by every thread: 16 MB.
  package func fits(width: Int) -> Bool {
    lanes <= 1 << 13 && lanes * max(1, convolution.horizontal.outputCount(for: width)) <= 1 << 22
  }

  /// The map for the gradient of a picture, with room for all that windows touch beyond its borders, and for
  /// the rest of a vector beyond that.
  package func map(of picture: FeatureMap, from gradient: FeatureMap) -> FeatureMap {
    let map = FeatureMap(
      batch: picture.batch, channels: channels, height: picture.height, width: picture.width,
      lanes: channels)
    map.widenRing(
      to: max(
        convolution.vertical.reach(input: picture.height, output: gradient.height),
        convolution.horizontal.reach(input: picture.width, output: gradient.width))
        + (15 + channels) / channels)
    return map
  }

  /// The gradient's weights, (outputs) to (tap row, tap column, channel).
  private func packedWeights() -> FloatBuffer {
    let outputs = convolution.outputChannels
    let inputBlocks = (outputs + 15) / 16
    let window = convolution.vertical.size * convolution.horizontal.size
    let packed = FloatBuffer(count: lanes / 16 * inputBlocks * 256)
    convolution.weights.withUnsafeBufferPointer { weights in
      for output in 0..<outputs {
        for channel in 0..<channels {
          for tap in 0..<window {
            let lane = tap * channels + channel
            let block = lane / 16 * inputBlocks + output / 16
            packed.pointer[block * 256 + output % 16 * 16 + lane % 16] =
              weights[(output * channels + channel) * window + tap]
          }
        }
      }
    }
    return packed
  }

  /// What fills `map` from the gradient of the convolution's output.
  ///
  /// The rows of a band are added in order; bands that touch the same pixels follow each other, first those of
  /// even numbers and then the odd ones: the bits do not depend on the number of threads.
  package func run(
    from gradient: FeatureMap, to map: FeatureMap, scratch: Scratch
  ) -> (ThreadPool) -> Void {
    let (v, h) = (convolution.vertical, convolution.horizontal)
    scratch.reserve(lanes * gradient.width + 16)
    let packed = packedWeights()
    let tap = TapOffsets([0])
    let runs = TapOffsets(
      (0..<v.size).flatMap { y in
        let row = y * v.dilation * map.rowStride
        return h.dilation == 1
          ? [row] : (0..<h.size).map { row + $0 * h.dilation * map.lanes }
      })
    let run = h.dilation == 1 ? h.size * channels : channels
    let calls = (0..<map.batch).map { image in
      kernel_picture_gradient(
        product: kernel_convolution(
          source: gradient.kernelMap(image: image), channels: Int32(convolution.outputChannels),
          taps: tap.pointer, tap_count: 1, weights: packed.pointer, destination: .none,
          blocks: Int32(lanes / 16), rows: Int32(gradient.height), columns: Int32(gradient.width),
          epilogue: Store(map).epilogue { _ in .none }),
        runs: runs.pointer, run_count: Int32(runs.count), run: Int32(run),
        picture: map.kernelMap(image: image).phase(
          y: -v.padBefore, x: -h.padBefore, strideY: 1, strideX: 1
        ).data, next_row: v.stride * map.rowStride, next_column: h.stride * map.lanes)
    }
    let bandRows = max(4, (v.extent + v.stride - 1) / v.stride)
    let bands = (gradient.height + bandRows - 1) / bandRows
    return { pool in
      map.clear(pool)
      for parity in 0..<2 {
        let count = (bands + 1 - parity) / 2
        pool.run(map.batch * count) { (part: Int, thread: Int) in
          let first = (part % count * 2 + parity) * bandRows
          withExtendedLifetime((packed, tap, runs)) {
            withUnsafePointer(to: calls[part / count]) {
              kernel_convolve_to_picture(
                $0, scratch.piece(of: thread), Int32(first),
                Int32(min(first + bandRows, gradient.height)))
            }
          }
        }
      }
    }
  }
}

extension FeatureMap {
  /// Sets all of a picture to 0, its ring included.
  fileprivate func clear(_ pool: ThreadPool) {
    let rows = height + 2 * ring
    pool.run(batch * rows) { part in
      let row = kernelMap(image: part / rows).phase(
        y: part % rows - ring, x: -ring, strideY: 1, strideX: 1)
      row.data?.update(repeating: 0, count: rowStride)
    }
  }
}
