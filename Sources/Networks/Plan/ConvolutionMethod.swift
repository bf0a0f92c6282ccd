import CKernels
import Foundation
import Tensors

/// How convolutions are computed.
enum ConvolutionMethod: String {
  /// Each in the way that takes less time by `Convolution.isFasterByWinograd`.
  case automatic
  /// By the definition.
  case direct
  /// By Winograd's method wherever it applies.
  case winograd

  /// The method of the plans made in this task, from the environment variable `VISUALIZE_CONVOLUTION`.
  @TaskLocal static var chosen: ConvolutionMethod =
    ProcessInfo.processInfo.environment["VISUALIZE_CONVOLUTION"].flatMap(Self.init) ?? .automatic
}

extension Convolution {
  /// Whether to compute a map of `height` × `width` by Winograd's method.
  ///
  /// - Parameters:
  ///   - height: Rows of the map computed.
  ///   - width: Columns of the map computed.
  ///   - back: Whether outputs and inputs change sides, for the way back.
  /// - Returns: Whether Winograd's method applies and is the method chosen.
  func usesWinograd(height: Int, width: Int, back: Bool) -> Bool {
    let isPossible = [vertical, horizontal].allSatisfy {
      $0.size == 3 && $0.stride == 1 && $0.dilation == 1
    }
    guard isPossible, !isDepthwise else { return false }
    switch ConvolutionMethod.chosen {
    case .direct: return false
    case .winograd: return true
    case .automatic: return isFasterByWinograd(height: height, width: width, back: back)
    }
  }

  /// A model of both methods' times, in multiply-adds of 16 channels.
  ///
  /// It was fitted to measurements on Zen 4 with AVX-512, and knows shapes alone, so that the choice, and with it every bit of the result, is the
  /// same in every run and for any number of threads.
  private func isFasterByWinograd(height: Int, width: Int, back: Bool) -> Bool {
    let outputs = outputChannels / groups
    let (to, from) = back ? (weights.shape[1], outputs) : (outputs, weights.shape[1])
    let (toBlocks, fromBlocks) = ((to + 15) / 16, (from + 15) / 16)
    let tiles = Double(kernel_winograd_tiles(Int32(height), Int32(width)))
    let direct = Double(9 * height * width * from * toBlocks)
    // A product over few tiles waits for its weights, four times those of the direct method, which come
    // from memory in every step: one vector of them in the time of 13 multiply-adds.
    let products = 36 * max(1.1 * tiles, 13) * Double(from * toBlocks)
    // To the 36 points and back: some 140 operations on 36 vectors each, and 72 loads and stores.
    let transforms = 200 * tiles * Double(fromBlocks + toBlocks)
    return products + transforms < direct
  }
}
