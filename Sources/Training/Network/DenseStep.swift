import Blocks
import CKernels
import Tensors

/// A fully connected layer whose weights change: the images of a batch are the pixels of one row.
final class DenseStep {
  private let layer: Layer
  private let source: FeatureMap
  private let target: FeatureMap
  private let turned: FloatBuffer
  private let tap = TapOffsets([0])

  init(_ layer: Layer, from source: FeatureMap, to target: FeatureMap) {
    (self.layer, self.source, self.target) = (layer, source, target)
    turned = FloatBuffer(count: layer.weightCount)
  }

  private static func row(_ map: FeatureMap) -> kernel_map {
    var row = map.kernelMap(image: 0)
    row.pixel = map.imageStride
    return row
  }

  private func run(
    from source: FeatureMap, to target: FeatureMap, weights: UnsafePointer<Float>, count: Int,
    _ epilogue: kernel_epilogue, _ pool: ThreadPool
  ) {
    let call = kernel_convolution(
      source: Self.row(source), channels: Int32(source.channels), taps: tap.pointer, tap_count: 1,
      weights: weights, destination: Self.row(target), blocks: Int32(target.blocks), rows: 1,
      columns: Int32(count), epilogue: epilogue)
    pool.run((target.blocks + 1) / 2) { pair in
      withUnsafePointer(to: call) {
        kernel_convolve($0, Int32(2 * pair), min(Int32(2 * pair + 2), call.blocks), 0, 1)
      }
    }
  }

  /// Computes the outputs of `count` images.
  func forward(
    count: Int, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>, pool: ThreadPool
  ) {
    var epilogue = kernel_epilogue.plain
    epilogue.bias = bias
    if layer.isRectified { epilogue.lower = 0 }
    run(from: source, to: target, weights: weights, count: count, epilogue, pool)
  }

  /// Carries `gradient`, of the outputs, back to the inputs; keeps it where `mask` is above 0.
  func backward(
    count: Int, weights: UnsafePointer<Float>, from gradient: FeatureMap, to result: FeatureMap,
    mask: FeatureMap?, pool: ThreadPool
  ) {
    kernel_transpose_weights(
      weights, turned.pointer, Int32(layer.outputBlocks), Int32(layer.inputBlocks), 1, [0], 1)
    var epilogue = kernel_epilogue.plain
    if let mask { epilogue.mask = Self.row(mask) }
    run(from: gradient, to: result, weights: turned.pointer, count: count, epilogue, pool)
  }

  /// Sums the gradients of the weights and the bias over `count` images.
  func weightGradient(
    count: Int, from gradient: FeatureMap, into weights: UnsafeMutablePointer<Float>,
    bias: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let call = kernel_weight_gradient(
      source: Self.row(source), source_image: 0, channels: Int32(layer.inputs),
      taps: tap.pointer, tap_count: 1, gradient: Self.row(gradient), gradient_image: 0, images: 1,
      rows: 1, columns: Int32(count), weights: weights, bias: bias)
    call.run(outputBlocks: layer.outputBlocks, inputBlocks: layer.inputBlocks, pool)
  }
}
