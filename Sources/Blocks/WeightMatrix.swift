import CKernels
import Tensors

/// The weights of a window as a file has them, (outputs, inputs, taps), from which the blocks that a kernel is about
/// to read are packed at every use.
///
/// It takes some of the time, and saves a copy of the weights for each way; back, windows are 1×1.
package struct WeightMatrix: Sendable {
  /// Blocks that are packed at a time: few enough for the cache.
  static let blocksAtOnce = 4

  private let weights: Tensor
  private let back: Bool
  private let taps: Int

  /// - Parameters:
  ///   - weights: (outputs, inputs, window height, window width).
  ///   - back: Whether outputs and inputs change sides, for the way back of a window of 1×1.
  init(_ weights: Tensor, back: Bool) {
    taps = weights.shape[2] * weights.shape[3]
    precondition(taps == 1 || !back, "WeightMatrix: \(taps) taps on the way back")
    (self.weights, self.back) = (weights, back)
  }

  private var outputs: Int { weights.shape[0] }
  private var inputs: Int { weights.shape[1] }
  /// Channels that are summed over, and computed.
  private var from: Int { back ? outputs : inputs }
  private var to: Int { back ? inputs : outputs }

  /// Floats of one packed block of what is computed.
  var floatsOfBlock: Int { (from + 15) / 16 * taps * 256 }

  /// Computes some blocks of all jobs.
  ///
  /// - Parameters:
  ///   - jobs: The calls; their weights are set here.
  ///   - blocks: The blocks of what is computed.
  ///   - share: Which share of the rows.
  ///   - shares: How many there are.
  ///   - panel: Memory for packed weights.
  func convolve(
    _ jobs: UnsafeMutableBufferPointer<kernel_convolution>, blocks: Range<Int>, share: Int,
    of shares: Int, panel: UnsafeMutablePointer<Float>
  ) {
    for first in stride(from: blocks.lowerBound, to: blocks.upperBound, by: Self.blocksAtOnce) {
      let packed = first..<min(first + Self.blocksAtOnce, blocks.upperBound)
      pack(packed, into: panel)
      for var job in jobs {
        job.weights = UnsafePointer(panel) - first * floatsOfBlock
        let rows = Int(job.rows) * share / shares..<Int(job.rows) * (share + 1) / shares
        kernel_convolve(
          &job, Int32(first), Int32(packed.upperBound), Int32(rows.lowerBound),
          Int32(rows.upperBound))
      }
    }
  }

  /// Packs the weights of some blocks of what is computed, [block][16 summed over][tap][16][16]; lanes without a
  /// channel are 0.
  private func pack(_ blocks: Range<Int>, into panel: UnsafeMutablePointer<Float>) {
    let first = blocks.lowerBound * 16
    let count = min(blocks.count * 16, to - first)
    weights.withUnsafeBufferPointer { weights in
      guard let start = weights.baseAddress else { return }
      if taps > 1 {
        for block in blocks { pack(block, from: start, into: panel, first: blocks.lowerBound) }
        return
      }
      if !back {
        let map = kernel_map(data: panel, block: floatsOfBlock, row: 0, pixel: 16)
        kernel_block(start + first * inputs, inputs, 0, map, Int32(count), 1, Int32(inputs))
        return
      }
      for output in 0..<outputs {
        let row = start + output * inputs + first
        for block in 0..<blocks.count {
          let target = panel + block * floatsOfBlock + output * 16
          let lanes = min(16, count - block * 16)
          if lanes == 16 {
            let vector = UnsafeRawPointer(row + block * 16).loadUnaligned(as: SIMD16<Float>.self)
            UnsafeMutableRawPointer(target).storeBytes(of: vector, as: SIMD16<Float>.self)
          } else {
            target.update(from: row + block * 16, count: lanes)
            (target + lanes).update(repeating: 0, count: 16 - lanes)
          }
        }
      }
    }
  }

  /// Packs the weights of one block of a window of several taps, 16 inputs at a time.
  private func pack(
    _ block: Int, from start: UnsafePointer<Float>, into panel: UnsafeMutablePointer<Float>,
    first: Int
  ) {
    let (row, count) = (inputs * taps, min(16, outputs - block * 16))
    withUnsafeTemporaryAllocation(byteCount: 1024 * taps, alignment: 64) { memory in
      guard let turned = memory.bindMemory(to: Float.self).baseAddress else { return }
      for inputBlock in 0..<(inputs + 15) / 16 {
        let channels = min(16, inputs - inputBlock * 16)
        let map = kernel_map(data: turned, block: 0, row: 0, pixel: 16)
        kernel_block(
          start + block * 16 * row + inputBlock * 16 * taps, row, 0, map, Int32(count), 1,
          Int32(channels * taps))
        let target = panel + (block - first) * floatsOfBlock + inputBlock * taps * 256
        if channels < 16 { target.update(repeating: 0, count: taps * 256) }
        for tap in 0..<taps {
          for channel in 0..<channels {
            let lanes = UnsafeRawPointer(turned + (channel * taps + tap) * 16)
              .loadUnaligned(as: SIMD16<Float>.self)
            UnsafeMutableRawPointer(target + (tap * 16 + channel) * 16)
              .storeBytes(of: lanes, as: SIMD16<Float>.self)
          }
        }
      }
    }
  }
}
