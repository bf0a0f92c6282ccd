import CKernels
import Tensors

/// The weights of a 1×1 window as a file has them, (outputs, inputs), from which the blocks that a kernel is about
/// to read are packed at every use.
///
/// It takes some of the time, and saves a copy of the weights for each way.
package struct WeightMatrix: Sendable {
  /// Blocks that are packed at a time: few enough for the cache.
  static let blocksAtOnce = 4

  private let weights: Tensor
  private let back: Bool

  /// - Parameters:
  ///   - weights: (outputs, inputs, 1, 1).
  ///   - back: Whether outputs and inputs change sides, for the way back.
  init(_ weights: Tensor, back: Bool) {
    (self.weights, self.back) = (weights, back)
  }

  private var outputs: Int { weights.shape[0] }
  private var inputs: Int { weights.shape[1] }
  /// Channels that are summed over, and computed.
  private var from: Int { back ? outputs : inputs }
  private var to: Int { back ? inputs : outputs }

  /// Floats of one packed block of what is computed.
  var floatsOfBlock: Int { (from + 15) / 16 * 256 }

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

  /// Packs the weights of some blocks of what is computed, [block][summed over][16]; lanes without a channel are 0.
  private func pack(_ blocks: Range<Int>, into panel: UnsafeMutablePointer<Float>) {
    let first = blocks.lowerBound * 16
    let count = min(blocks.count * 16, to - first)
    weights.withUnsafeBufferPointer { weights in
      guard let start = weights.baseAddress else { return }
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
}
