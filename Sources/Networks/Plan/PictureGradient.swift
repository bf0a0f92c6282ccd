import CKernels
import Tensors

/// The way back from a convolution to a picture of a few channels.
///
/// A picture's 3 channels would leave 13 of 16 lanes idle, so a block of neighbouring pixels shares a
/// vector: a block of `rows` × `columns` pixels (multiples of the strides) is one output pixel of a
/// convolution whose taps are all that any pixel of the block receives from.
struct PictureGradient {
  let convolution: Convolution
  let channels: Int
  let rows: Int
  let columns: Int
  private let vertical: [Int]
  private let horizontal: [Int]

  init(_ convolution: Convolution) {
    self.convolution = convolution
    channels = convolution.inputChannels
    let (v, h) = (convolution.vertical, convolution.horizontal)
    // Multiply-adds a pixel, in vectors of 16: all taps of a block over its pixels.
    var best = (cost: Double.infinity, rows: 1, columns: 1, blocks: 1)
    for i in 1...16 {
      for j in 1...16 {
        let (rows, columns) = (i * v.stride, j * h.stride)
        let blocks = (rows * columns * channels + 15) / 16
        if blocks > 1, i * j > 1 { continue }
        let taps = Self.offsets(v, block: rows).count * Self.offsets(h, block: columns).count
        let cost = Double(taps * blocks) / Double(rows * columns)
        if cost < best.cost { best = (cost, rows, columns, blocks) }
      }
    }
    rows = best.rows
    columns = best.columns
    vertical = Self.offsets(v, block: rows)
    horizontal = Self.offsets(h, block: columns)
  }

  /// Whether the lanes of a block of pixels go into whole vectors, one for several pixels.
  var fits: Bool { rows * columns * channels <= 16 * 64 }

  /// The outputs, relative to a block's first, that a block of input positions receives from.
  private static func offsets(_ window: Window, block: Int) -> [Int] {
    var offsets = Set<Int>()
    for position in 0..<block {
      for tap in 0..<window.size {
        let distance = position + window.padBefore - tap * window.dilation
        if distance.isMultiple(of: window.stride) { offsets.insert(distance / window.stride) }
      }
    }
    return offsets.sorted()
  }

  /// The map of blocks for a batch of pictures.
  func map(batch: Int, height: Int, width: Int) -> FeatureMap {
    FeatureMap(
      batch: batch, channels: rows * columns * channels, height: (height + rows - 1) / rows,
      width: (width + columns - 1) / columns)
  }

  /// How far the way back reaches beyond the gradient's borders.
  func reach(_ map: FeatureMap, gradient: FeatureMap) -> Int {
    func beyond(_ offsets: [Int], _ blocks: Int, _ step: Int, _ extent: Int) -> Int {
      guard let first = offsets.first, let last = offsets.last else { return 0 }
      return max(0, -first, (blocks - 1) * step + last - (extent - 1))
    }
    return max(
      beyond(vertical, map.height, rows / convolution.vertical.stride, gradient.height),
      beyond(horizontal, map.width, columns / convolution.horizontal.stride, gradient.width))
  }

  /// Calls that carry the gradient of the convolution's output back to the map of blocks.
  func jobs(from gradient: FeatureMap, to map: FeatureMap, threads: Int) -> KernelJobs {
    let (v, h) = (convolution.vertical, convolution.horizontal)
    let lanes = map.blocks * 16
    let outputs = convolution.outputChannels
    let tapCount = vertical.count * horizontal.count
    let offsets = TapOffsets(
      vertical.flatMap { y in horizontal.map { x in y * gradient.rowStride + x * gradient.lanes } })
    let packed = FloatBuffer(count: map.blocks * gradient.blocks * tapCount * 256)
    let window = v.size * h.size
    convolution.weights.withUnsafeBufferPointer { weights in
      for (i, y) in vertical.enumerated() {
        for (j, x) in horizontal.enumerated() {
          for lane in 0..<min(lanes, rows * columns * channels) {
            let (pixel, channel) = (lane / channels, lane % channels)
            let down = pixel / columns + v.padBefore - y * v.stride
            let right = pixel % columns + h.padBefore - x * h.stride
            guard down.isMultiple(of: v.dilation), right.isMultiple(of: h.dilation) else {
              continue
            }
            let (tapY, tapX) = (down / v.dilation, right / h.dilation)
            guard (0..<v.size).contains(tapY), (0..<h.size).contains(tapX) else { continue }
            let tap = tapY * h.size + tapX
            let place = (i * horizontal.count + j) * 256 + lane % 16
            for output in 0..<outputs {
              let block = lane / 16 * gradient.blocks + output / 16
              packed.pointer[block * tapCount * 256 + place + output % 16 * 16] =
                weights[(output * channels + channel) * window + tap]
            }
          }
        }
      }
    }
    let store = Store(map)
    let jobs = (0..<map.batch).map { image in
      kernel_convolution(
        source: gradient.kernelMap(image: image).phase(
          y: 0, x: 0, strideY: rows / v.stride, strideX: columns / h.stride),
        channels: Int32(outputs), taps: offsets.pointer, tap_count: Int32(tapCount),
        weights: packed.pointer, destination: map.kernelMap(image: image),
        blocks: Int32(map.blocks), rows: Int32(map.height), columns: Int32(map.width),
        epilogue: store.epilogue(image: image))
    }
    return KernelJobs(
      { kernel_convolve($0, $1, $2, $3, $4) }, jobs, owned: [offsets, packed], threads: threads)
  }
}
