import Blocks
import CKernels
import Tensors

/// A convolution whose weights change: forwards, back to its input and back to its weights, some images at a
/// time, so that what one step leaves in the cache the next finds there.
final class ConvolutionStep {
  private let layer: Layer
  private let window: Window
  private let source: FeatureMap
  /// What the convolution yields; on the way back, the gradient of that.
  private let target: FeatureMap
  private let offsets: TapOffsets
  private var phases: [Phase] = []
  private let turned: FloatBuffer
  private let scratch: Scratch
  private let winogradWeights: WinogradWeights
  /// The weights of Winograd's method, there and back; `nil` where the direct method is as good.
  private let transformed: (there: FloatBuffer, back: FloatBuffer)?

  /// A phase of the way back.
  private struct Phase {
    let phase: ConvolutionPhase
    let offsets: TapOffsets
    /// The taps as the kernel that turns weights takes them.
    let order: [Int32]
    /// Where its weights begin among those of the way back.
    let start: Int
  }

  /// Outputs a side of a tile of Winograd's method, as its kernels for batches and for weights have it.
  private static let side = 4
  /// Tiles that its kernel takes at once.
  private static let tilesAtOnce = 56

  /// - Precondition: The rings of the maps are as wide as they will be.
  init(
    _ layer: Layer, _ window: Window, from source: FeatureMap, to target: FeatureMap,
    scratch: Scratch, winogradWeights: WinogradWeights
  ) {
    (self.layer, self.window, self.source, self.target) = (layer, window, source, target)
    (self.scratch, self.winogradWeights) = (scratch, winogradWeights)
    offsets = TapOffsets(
      (0..<layer.taps).map {
        $0 / window.size * source.rowStride + $0 % window.size * source.lanes
      })
    let blocks = layer.inputBlocks * layer.outputBlocks
    var end = 0
    for phase in ConvolutionPhase.all(window, window, from: target, to: source) {
      phases.append(
        Phase(
          phase: phase, offsets: TapOffsets(phase.distances), order: phase.taps.map { Int32($0) },
          start: end))
      end += blocks * phase.taps.count * 256
    }
    turned = FloatBuffer(count: end)
    if source.lanes == 16, Self.isWinograd(layer, window, target) {
      transformed = (FloatBuffer(count: blocks * 36 * 256), FloatBuffer(count: blocks * 36 * 256))
      winogradWeights.reserve(channels: layer.inputs, blocks: layer.outputBlocks)
      for (channels, blocks) in [
        (layer.inputs, layer.outputBlocks), (layer.outputs, layer.inputBlocks),
      ] {
        scratch.reserve(kernel_winograd_scratch(Int32(channels), Int32(blocks)))
      }
    } else {
      transformed = nil
    }
  }

  /// Whether Winograd's method is the one to take, in both directions.
  private static func isWinograd(_ layer: Layer, _ window: Window, _ target: FeatureMap) -> Bool {
    // The gradient of so few weights is summed as fast by the definition.
    guard window.size == 3, window.stride == 1, layer.inputBlocks * layer.outputBlocks >= 4 else {
      return false
    }
    let tiles = kernel_winograd_tiles(Int32(side), Int32(target.height), Int32(target.width))
    return [(layer.inputs, layer.outputs), (layer.outputs, layer.inputs)].allSatisfy { from, to in
      ConvolutionExtents(
        from: from, to: to, window: window.size, height: target.height, width: target.width,
        images: max(1, tilesAtOnce / Int(tiles))
      ).winogradSide(of: [side]) != nil
    }
  }

  /// Makes room in the rings of a convolution's input and of its gradient.
  static func widenRings(_ window: Window, from source: FeatureMap, to target: FeatureMap) {
    for (input, output) in [(source.height, target.height), (source.width, target.width)] {
      source.widenRing(to: window.reach(input: input, output: output))
      target.widenRing(to: window.reachBack(input: input, output: output))
    }
  }

  /// Tiles an image, by Winograd's method.
  private var tiles: Int {
    Int(kernel_winograd_tiles(Int32(Self.side), Int32(target.height), Int32(target.width)))
  }

  /// How many images are best taken at a time: enough tiles to be worth the weights that they meet.
  func imagesAtOnce(of count: Int) -> Int {
    guard transformed != nil else { return 1 }
    let fitting = (1...14).first { (tiles * $0).isMultiple(of: Self.tilesAtOnce) }
    let most = (count + scratch.threads - 1) / scratch.threads
    return min(fitting ?? max(1, Self.tilesAtOnce / tiles), most)
  }

  /// What output (0, 0) reads, and how far it is to what its neighbours read.
  private func view(image: Int) -> kernel_map {
    source.kernelMap(image: image).phase(
      y: -window.padBefore, x: -window.padBefore, strideY: window.stride, strideX: window.stride)
  }

  /// Brings the transformed weights up to date.
  func prepare(_ weights: UnsafePointer<Float>) {
    guard let transformed else { return }
    kernel_winograd_weights(
      weights, 3, Int32(Self.side), Int32(layer.inputs), Int32(layer.outputBlocks),
      transformed.there.pointer)
  }

  /// Brings the weights of the way back up to date.
  func turn(_ weights: UnsafePointer<Float>) {
    for phase in phases {
      kernel_transpose_weights(
        weights, turned.pointer + phase.start, Int32(layer.outputBlocks), Int32(layer.inputBlocks),
        Int32(layer.taps), phase.order, Int32(phase.order.count))
    }
    if let transformed {
      kernel_winograd_weights(
        turned.pointer, 3, Int32(Self.side), Int32(layer.outputs), Int32(layer.inputBlocks),
        transformed.back.pointer)
    }
  }

  /// Computes the output of some images.
  func forward(images: Range<Int>, weights: UnsafePointer<Float>, thread: Int) {
    var call = kernel_convolution(
      source: view(image: images.lowerBound), channels: Int32(layer.inputs),
      taps: offsets.pointer, tap_count: Int32(layer.taps), weights: weights,
      destination: target.kernelMap(image: images.lowerBound), blocks: Int32(layer.outputBlocks),
      rows: Int32(target.height), columns: Int32(target.width), epilogue: .plain)
    if let transformed {
      call.weights = UnsafePointer(transformed.there.pointer)
      let batch = kernel_batch(
        source: source.imageStride, destination: target.imageStride, addend: 0, mask: 0)
      winograd(call, batch, images.count, thread)
    } else {
      for image in images {
        call.source = view(image: image)
        call.destination = target.kernelMap(image: image)
        kernel_convolve(&call, 0, call.blocks, 0, call.rows)
      }
    }
  }

  private func winograd(
    _ call: kernel_convolution, _ batch: kernel_batch, _ images: Int, _ thread: Int
  ) {
    withUnsafePointer(to: call) { call in
      withUnsafePointer(to: batch) { batch in
        kernel_convolve_winograd_batch(
          call, batch, Int32(Self.side), scratch.piece(of: thread), 0, call.pointee.blocks, 0,
          Int32(tiles * images))
      }
    }
  }

  /// Carries the gradient of some images back.
  ///
  /// - Parameters:
  ///   - images: The images.
  ///   - gradient: Takes the gradient of the input.
  ///   - addend: Joins it.
  ///   - mask: Keeps it where this map is above 0.
  ///   - thread: The calling thread's number.
  func backward(
    images: Range<Int>, to gradient: FeatureMap, addend: FeatureMap? = nil,
    mask: FeatureMap? = nil, thread: Int
  ) {
    for phase in phases {
      var call = kernel_convolution(
        source: .none, channels: Int32(layer.outputs), taps: phase.offsets.pointer,
        tap_count: Int32(phase.order.count), weights: turned.pointer + phase.start,
        destination: .none, blocks: Int32(layer.inputBlocks), rows: Int32(phase.phase.rows),
        columns: Int32(phase.phase.columns), epilogue: .plain)
      func aim(at image: Int) {
        func view(_ map: FeatureMap?) -> kernel_map {
          map.map { phase.phase.view($0.kernelMap(image: image)) } ?? .none
        }
        call.source = target.kernelMap(image: image)
        call.destination = view(gradient)
        call.epilogue.addend = view(addend)
        call.epilogue.mask = view(mask)
      }
      if let transformed {
        aim(at: images.lowerBound)
        call.source.data += phase.offsets.pointer[0]
        call.weights = UnsafePointer(transformed.back.pointer)
        let batch = kernel_batch(
          source: target.imageStride, destination: gradient.imageStride,
          addend: addend?.imageStride ?? 0, mask: mask?.imageStride ?? 0)
        winograd(call, batch, images.count, thread)
      } else {
        for image in images {
          aim(at: image)
          kernel_convolve(&call, 0, call.blocks, 0, call.rows)
        }
      }
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
    if transformed != nil {
      winogradWeights.run(call, outputBlocks: layer.outputBlocks)
    } else {
      call.run(outputBlocks: layer.outputBlocks, inputBlocks: layer.inputBlocks, pool)
    }
  }
}
