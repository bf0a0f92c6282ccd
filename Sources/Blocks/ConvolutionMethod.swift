import CKernels
import Foundation
import Tensors

/// How convolutions are computed.
package enum ConvolutionMethod: String {
  /// Each in the way that takes the least time by a model.
  case automatic
  /// By the definition.
  case direct
  /// By Winograd's method wherever it applies.
  case winograd

  /// The method of the plans made in this task, from the environment variable `VISUALIZE_CONVOLUTION`.
  @TaskLocal package static var chosen: ConvolutionMethod =
    ProcessInfo.processInfo.environment["VISUALIZE_CONVOLUTION"].flatMap(Self.init) ?? .automatic
}

extension Convolution {
  /// How to compute a map of `height` × `width`.
  ///
  /// - Parameters:
  ///   - height: Rows of the map computed.
  ///   - width: Columns of the map computed.
  ///   - back: Whether outputs and inputs change sides, for the way back.
  /// - Returns: Outputs a side of a tile of Winograd's method, or `nil` for the direct method.
  func winogradSide(height: Int, width: Int, back: Bool) -> Int? {
    guard ConvolutionMethod.chosen != .direct, !isDepthwise,
      vertical.size == horizontal.size, vertical.stride == 1, horizontal.stride == 1,
      vertical.dilation == 1, horizontal.dilation == 1
    else { return nil }
    let sides = [3: [4, 2], 5: [2]][vertical.size] ?? []
    let costs = sides.map { side in
      (side: side, cost: winogradCost(side: side, height: height, width: width, back: back))
    }
    guard let best = costs.min(by: { $0.cost < $1.cost }) else { return nil }
    if ConvolutionMethod.chosen == .winograd { return best.side }
    return best.cost < directCost(height: height, width: width, back: back) ? best.side : nil
  }

  // The model of time, in multiply-adds of 16 channels, was fitted to measurements on Zen 4 with
  // AVX-512. It knows shapes alone, so that the choice, and with it every bit of the result, is the
  // same in every run and for any number of threads.

  /// How many pixels a vector of weights must meet to be worth its way: they come from memory in every
  /// step, one in the time of some 13 multiply-adds.
  private static let weightCost = 13.0

  private func extents(back: Bool) -> (from: Int, fromBlocks: Int, toBlocks: Int) {
    let outputs = outputChannels / groups
    let (to, from) = back ? (weights.shape[1], outputs) : (outputs, weights.shape[1])
    return (from, (from + 15) / 16, (to + 15) / 16)
  }

  private func directCost(height: Int, width: Int, back: Bool) -> Double {
    let (from, _, toBlocks) = extents(back: back)
    return Double(taps * from * toBlocks) * max(Double(height * width), Self.weightCost)
  }

  private func winogradCost(side: Int, height: Int, width: Int, back: Bool) -> Double {
    let (from, fromBlocks, toBlocks) = extents(back: back)
    let tiles = Double(kernel_winograd_tiles(Int32(side), Int32(height), Int32(width)))
    let points = Double((side + vertical.size - 1) * (side + vertical.size - 1))
    let products = points * Double(from * toBlocks) * max(1.1 * tiles, Self.weightCost)
    // To the points and back: for each about 4 operations, a load and a store of a vector.
    let transforms = 5.5 * points * tiles * Double(fromBlocks + toBlocks)
    return products + transforms
  }
}
