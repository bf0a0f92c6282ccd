import CKernels
import Networks

/// A convolution whose weights change: forwards, back to its input and back to its weights, an image at a
/// time, so that what one step leaves in the cache the next finds there.
final class ConvolutionStep {
  /// The pixels of the input that are equal modulo the stride, and the taps that they receive from.
  private struct Phase {
    var y, x: Int
    var order: [Int32]
    var offsets: TapOffsets
    /// Where the phase's weights begin among those of the way back.
    var start: Int
  }

  private let layer: Layer
  private let window: Window
  private let source: FeatureMap
  /// What the convolution yields; on the way back, the gradient of that.
  private let target: FeatureMap
  private let offsets: TapOffsets
  private var phases: [Phase] = []
  private let turned: FloatBuffer

  /// - Precondition: The rings of the maps are as wide as they will be.
  init(_ layer: Layer, _ window: Window, from source: FeatureMap, to target: FeatureMap) {
    (self.layer, self.window, self.source, self.target) = (layer, window, source, target)
    offsets = TapOffsets(
      (0..<layer.taps).map {
        $0 / window.size * source.rowStride + $0 % window.size * source.lanes
      })
    var end = 0
    for y in window.phases() where y.phase < source.height {
      for x in window.phases() where x.phase < source.width {
        let taps = y.taps.flatMap { y in x.taps.map { x in (y, x) } }
        phases.append(
          Phase(
            y: y.phase, x: x.phase,
            order: taps.map { Int32($0.tap * window.size + $1.tap) },
            offsets: TapOffsets(
              taps.map { $0.offset * target.rowStride + $1.offset * target.lanes }),
            start: end))
        end += layer.inputBlocks * layer.outputBlocks * taps.count * 256
      }
    }
    turned = FloatBuffer(count: end)
  }

  /// Makes room in the rings of a convolution's input and of its gradient.
  static func widenRings(_ window: Window, from source: FeatureMap, to target: FeatureMap) {
    for (input, output) in [(source.height, target.height), (source.width, target.width)] {
      source.widenRing(to: window.reach(input: input, output: output))
      target.widenRing(to: window.reachBack(input: input, output: output))
    }
  }

  /// What output (0, 0) reads, and how far it is to what its neighbours read.
  private func view(image: Int) -> kernel_map {
    source.kernelMap(image: image).phase(
      y: -window.padBefore, x: -window.padBefore, strideY: window.stride, strideX: window.stride)
  }

  /// Computes the output of one image.
  func forward(image: Int, weights: UnsafePointer<Float>) {
    var call = kernel_convolution(
      source: view(image: image), channels: Int32(layer.inputs), taps: offsets.pointer,
      tap_count: Int32(layer.taps), weights: weights,
      destination: target.kernelMap(image: image), blocks: Int32(layer.outputBlocks),
      rows: Int32(target.height), columns: Int32(target.width), epilogue: .plain)
    kernel_convolve(&call, 0, call.blocks, 0, call.rows)
  }

  /// Brings the weights of the way back up to date.
  func turn(_ weights: UnsafePointer<Float>) {
    for phase in phases {
      kernel_transpose_weights(
        weights, turned.pointer + phase.start, Int32(layer.outputBlocks), Int32(layer.inputBlocks),
        Int32(layer.taps), phase.order, Int32(phase.order.count))
    }
  }

  /// Carries the gradient of one image back.
  ///
  /// - Parameters:
  ///   - image: The image.
  ///   - gradient: Takes the gradient of the input.
  ///   - addend: Joins it.
  ///   - mask: Keeps it where this map is above 0.
  func backward(
    image: Int, to gradient: FeatureMap, addend: FeatureMap? = nil, mask: FeatureMap? = nil
  ) {
    for phase in phases {
      func view(_ map: FeatureMap?) -> kernel_map {
        guard let map else { return .none }
        return map.kernelMap(image: image).phase(
          y: phase.y, x: phase.x, strideY: window.stride, strideX: window.stride)
      }
      var epilogue = kernel_epilogue.plain
      epilogue.addend = view(addend)
      epilogue.mask = view(mask)
      var call = kernel_convolution(
        source: target.kernelMap(image: image), channels: Int32(layer.outputs),
        taps: phase.offsets.pointer, tap_count: Int32(phase.order.count),
        weights: turned.pointer + phase.start, destination: view(gradient),
        blocks: Int32(layer.inputBlocks),
        rows: Int32((source.height - phase.y - 1) / window.stride + 1),
        columns: Int32((source.width - phase.x - 1) / window.stride + 1), epilogue: epilogue)
      kernel_convolve(&call, 0, call.blocks, 0, call.rows)
    }
  }

  /// Sums the gradient of the weights over the first `count` images.
  func weightGradient(count: Int, into weights: UnsafeMutablePointer<Float>, pool: ThreadPool) {
    let call = kernel_weight_gradient(
      source: view(image: 0), source_image: source.imageStride, channels: Int32(layer.inputs),
      taps: offsets.pointer, tap_count: Int32(layer.taps),
      gradient: target.kernelMap(image: 0), gradient_image: target.imageStride,
      images: Int32(count), rows: Int32(target.height), columns: Int32(target.width),
      weights: weights, bias: nil)
    call.run(outputBlocks: layer.outputBlocks, inputBlocks: layer.inputBlocks, pool)
  }
}

extension kernel_epilogue {
  /// Nothing happens to a sum; a mask that is put in keeps what is above 0.
  static var plain: kernel_epilogue {
    kernel_epilogue(
      bias: nil, accumulate: 0, addend: .none, lower: -.infinity, upper: .infinity, mask: .none,
      mask_lower: 0, mask_upper: .infinity)
  }
}

extension kernel_weight_gradient {
  /// Runs the call on all threads.
  ///
  /// Pairs of output blocks, and where these are too few, some input blocks each. The bits do not depend on it.
  func run(outputBlocks: Int, inputBlocks: Int, _ pool: ThreadPool) {
    let wanted = 3 * pool.threads
    let outputStep = outputBlocks > 2 || pool.threads == 1 ? 2 : 1
    let groups = (outputBlocks + outputStep - 1) / outputStep
    let splits = pool.threads == 1 ? 1 : min(inputBlocks, (wanted + groups - 1) / groups)
    pool.run(groups * splits) { part in
      let (group, split) = (part / splits, part % splits)
      withUnsafePointer(to: self) {
        kernel_convolve_weights(
          $0, Int32(group * outputStep), Int32(min((group + 1) * outputStep, outputBlocks)),
          Int32(inputBlocks * split / splits), Int32(inputBlocks * (split + 1) / splits))
      }
    }
  }
}
