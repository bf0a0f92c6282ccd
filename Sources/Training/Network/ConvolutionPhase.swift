import Blocks
import CKernels
import Networks

/// The pixels of a convolution's input that are equal modulo the stride, and the taps that they receive from on
/// the way back.
struct ConvolutionPhase {
  var y, x: Int
  /// The taps, from the first that is read to the last.
  var order: [Int32]
  var offsets: TapOffsets
  /// Where the phase's weights lie among those of the way back.
  var start, end: Int

  /// All phases.
  ///
  /// - Precondition: The ring of `target` is as wide as it will be.
  static func phases(
    _ window: Window, _ layer: Layer, from source: FeatureMap, to target: FeatureMap
  ) -> [ConvolutionPhase] {
    var phases: [ConvolutionPhase] = []
    for y in window.phases() where y.phase < source.height {
      for x in window.phases() where x.phase < source.width {
        let taps = y.taps.reversed().flatMap { y in x.taps.reversed().map { x in (y, x) } }
        let start = phases.last?.end ?? 0
        phases.append(
          ConvolutionPhase(
            y: y.phase, x: x.phase, order: taps.map { Int32($0.tap * window.size + $1.tap) },
            offsets: TapOffsets(
              taps.map { $0.offset * target.rowStride + $1.offset * target.lanes }),
            start: start,
            end: start + layer.inputBlocks * layer.outputBlocks * taps.count * 256))
      }
    }
    return phases
  }
}
