package import CKernels

/// The pixels of a convolution's input that are equal modulo its strides, and the taps that they receive from on
/// the way back.
package struct ConvolutionPhase {
  /// The taps by their place in the window, row by row; from the first that is read to the last, as Winograd's
  /// method wants them.
  package let taps: [Int]
  /// How far what each tap reads lies from the pixel, in floats of the gradient's map.
  package let distances: [Int]
  /// Pixels of the phase.
  package let rows, columns: Int
  private let first: (y: Int, x: Int)
  private let stride: (y: Int, x: Int)

  /// All phases.
  ///
  /// - Parameters:
  ///   - vertical: The window along columns.
  ///   - horizontal: The window along rows.
  ///   - gradient: The gradient of the convolution's output.
  ///   - target: That of its input.
  /// - Returns: Those that have a pixel.
  /// - Precondition: The ring of `gradient` is as wide as it will be.
  package static func all(
    _ vertical: Window, _ horizontal: Window, from gradient: FeatureMap, to target: FeatureMap
  ) -> [ConvolutionPhase] {
    vertical.phases().filter { $0.phase < target.height }.flatMap { y in
      horizontal.phases().filter { $0.phase < target.width }.map { x in
        let pairs = y.taps.reversed().flatMap { y in x.taps.reversed().map { (y: y, x: $0) } }
        return ConvolutionPhase(
          taps: pairs.map { $0.y.tap * horizontal.size + $0.x.tap },
          distances: pairs.map {
            $0.y.offset * gradient.rowStride + $0.x.offset * gradient.lanes
          },
          rows: (target.height - y.phase - 1) / vertical.stride + 1,
          columns: (target.width - x.phase - 1) / horizontal.stride + 1,
          first: (y.phase, x.phase), stride: (vertical.stride, horizontal.stride))
      }
    }
  }

  /// The pixels of the phase in a map of the input's extents.
  package func view(_ map: kernel_map) -> kernel_map {
    map.phase(y: first.y, x: first.x, strideY: stride.y, strideX: stride.x)
  }
}
