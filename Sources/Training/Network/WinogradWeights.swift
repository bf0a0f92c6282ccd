import Blocks
import CKernels
import Tensors

/// Memory for the gradients of weights by Winograd's method, shared by the layers of a network, and the steps of
/// that method.
final class WinogradWeights {
  /// Tiles in a run: enough to be worth the sums that each run goes over.
  private static let tiles = 64
  /// Runs whose values are held at once.
  private static let runs = 8

  private var points = FloatBuffer(count: 0)
  private var sums = FloatBuffer(count: 0)
  private let pool: ThreadPool

  init(_ pool: ThreadPool) {
    self.pool = pool
  }

  /// Makes room for a layer.
  func reserve(channels: Int, blocks: Int) {
    let points = Self.runs * Self.pointCount(channels: channels, blocks: blocks)
    let sums = 36 * 256 * blocks * ((channels + 15) / 16)
    if points > self.points.count { self.points = FloatBuffer(count: points) }
    if sums > self.sums.count { self.sums = FloatBuffer(count: sums) }
  }

  private static func pointCount(channels: Int, blocks: Int) -> Int {
    kernel_winograd_weight_scratch(Int32(channels), Int32(blocks), Int32(tiles))
  }

  /// Computes what `kernel_convolve_weights` does, for a window of 3×3 at stride 1.
  func run(_ call: kernel_weight_gradient, outputBlocks: Int) {
    let inputBlocks = (Int(call.channels) + 15) / 16
    let all = Int(call.images) * Int(kernel_winograd_tiles(4, call.rows, call.columns))
    let each = Self.pointCount(channels: Int(call.channels), blocks: outputBlocks)
    let (points, sums, blocks) = (points.pointer, sums.pointer, Int32(outputBlocks))
    let sumsAPoint = outputBlocks * inputBlocks * 256
    for first in stride(from: 0, to: all, by: Self.tiles * Self.runs) {
      let runs = min(Self.runs, (all - first + Self.tiles - 1) / Self.tiles)
      func tiles(_ run: Int) -> Range<Int> {
        let start = first + run * Self.tiles
        return start..<min(start + Self.tiles, all)
      }
      pool.run(runs) { run in
        withUnsafePointer(to: call) {
          kernel_winograd_weight_points(
            $0, blocks, points + run * each, Int32(tiles(run).lowerBound),
            Int32(tiles(run).upperBound))
        }
      }
      pool.run(36) { point in
        if first == 0 { (sums + point * sumsAPoint).update(repeating: 0, count: sumsAPoint) }
        for run in 0..<runs {
          kernel_winograd_weight_sums(
            points + run * each, sums, Int32(inputBlocks), blocks, Int32(tiles(run).count),
            Int32(point), Int32(point + 1))
        }
      }
    }
    pool.run(outputBlocks) { block in
      kernel_winograd_weight_fold(
        sums, Int32(inputBlocks), blocks, call.weights, Int32(block), Int32(block + 1))
    }
  }
}
