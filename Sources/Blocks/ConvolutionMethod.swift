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

/// What the choice of a method depends on: shapes alone, so that the choice, and with it every bit of the result,
/// is the same in every run and for any number of threads.
package struct ConvolutionExtents {
  /// Channels read and channels computed, of one group.
  let from, to: Int
  /// Taps a side of the window, which is square, at stride 1 and without dilation.
  let window: Int
  /// Rows and columns of the map computed.
  let height, width: Int
  /// How many images meet the weights at once.
  let images: Int

  package init(from: Int, to: Int, window: Int, height: Int, width: Int, images: Int = 1) {
    (self.from, self.to, self.window) = (from, to, window)
    (self.height, self.width, self.images) = (height, width, images)
  }

  /// Outputs a side of a tile that Winograd's method can have.
  package static func sides(ofWindow window: Int) -> [Int] { [3: [4, 2], 5: [2]][window] ?? [] }

  /// How to compute it.
  ///
  /// - Parameters:
  ///   - sides: Outputs a side of a tile to choose from; nil: all that there are.
  ///   - directSpeed: How many times as fast the direct method multiplies.
  /// - Returns: One of them, or `nil` for the direct method.
  package func winogradSide(of sides: [Int]? = nil, directSpeed: Double = 1) -> Int? {
    guard ConvolutionMethod.chosen != .direct else { return nil }
    let costs = (sides ?? Self.sides(ofWindow: window)).map { (side: $0, cost: winogradCost($0)) }
    guard let best = costs.min(by: { $0.cost < $1.cost }) else { return nil }
    if ConvolutionMethod.chosen == .winograd { return best.side }
    return best.cost < directCost / directSpeed ? best.side : nil
  }

  // The model of time, in multiply-adds of 16 channels, was fitted to measurements on Zen 4 with
  // AVX-512. AVX2 multiplies as fast there, and has the same choices and bits. With vectors of 128 bits,
  // 3.4 times as slow, the kernels of GoogLeNet and ResNet-18 take at most 1 % more than by Winograd's
  // method throughout, and 57 to 70 % of what the direct one takes.

  /// How many pixels a vector of weights must meet to be worth its way: they come from memory in every
  /// step, one in the time of some 13 multiply-adds.
  private static let weightCost = 13.0

  private var fromBlocks: Int { (from + 15) / 16 }
  private var toBlocks: Int { (to + 15) / 16 }

  private var directCost: Double {
    Double(window * window * from * toBlocks)
      * max(Double(images * height * width), Self.weightCost)
  }

  private func winogradCost(_ side: Int) -> Double {
    let each = Int(kernel_winograd_tiles(Int32(side), Int32(height), Int32(width)))
    let tiles = Double(images * each)
    let points = Double((side + window - 1) * (side + window - 1))
    let products = points * Double(from * toBlocks) * max(1.1 * tiles, Self.weightCost)
    // To the points and back: for each about 4 operations, a load and a store of a vector.
    let transforms = 5.5 * points * tiles * Double(fromBlocks + toBlocks)
    return products + transforms
  }
}

extension Convolution {
  /// How to compute a map of `height` × `width`.
  ///
  /// - Parameters:
  ///   - height: Rows of the map computed.
  ///   - width: Columns of the map computed.
  ///   - back: Whether outputs and inputs change sides, for the way back.
  ///   - directSpeed: How many times as fast the direct method multiplies.
  /// - Returns: Outputs a side of a tile of Winograd's method, or `nil` for the direct method.
  func winogradSide(
    height: Int, width: Int, back: Bool, directSpeed: Double = 1
  ) -> Int? {
    guard !isDepthwise, vertical.size == horizontal.size, vertical.stride == 1,
      horizontal.stride == 1, vertical.dilation == 1, horizontal.dilation == 1
    else { return nil }
    let (outputs, inputs) = (outputChannels / groups, weights.shape[1])
    return ConvolutionExtents(
      from: back ? outputs : inputs, to: back ? inputs : outputs, window: vertical.size,
      height: height, width: width
    ).winogradSide(directSpeed: directSpeed)
  }
}
